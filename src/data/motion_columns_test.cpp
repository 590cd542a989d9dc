// What columns of a table are taken for: times, clocks, counters, numbers of persons, axes.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <functional>

#include "base/error.h"
#include "data/motion.h"

using namespace dragonet;

namespace {

using Strings = std::vector<std::string>;

MotionRecording read_of(const std::string& text, const MotionReadOptions& options = {}) {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", text);
  return read_motion(folder.path() / "a.csv", options);
}

std::string complaint(const std::string& text, const MotionReadOptions& options = {}) try {
  read_of(text, options);
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

std::string notes_of(const MotionRecording& recording) {
  std::string all;
  for (const std::string& note : recording.notes) all += note + "\n";
  return all;
}

/// A table of that many rows, each ending in three readings of a movement.
std::string table(const std::string& header, int rows, const std::function<std::string(int)>& row) {
  std::string text = header + "\n";
  for (int i = 0; i < rows; ++i)
    text += fmt::format("{},{:.3f},{:.3f},{:.3f}\n", row(i), std::sin(i * 0.3), std::cos(i * 0.2), 9.8 + std::sin(i));
  return text;
}

}  // namespace

TEST_CASE("a second clock is no axis, whatever it is called and wherever it stands") {
  const auto of_1970 = [](int i) { return fmt::format("{},{:.3f}", 1396966000000 + 50 * i, 0.05 * i); };
  for (const char* header : {"t,tRel,x,y,z", "t_ms,zeit,x,y,z", "timestamp,seconds_elapsed,x,y,z", "t,b,x,y,z"}) {
    const MotionRecording r = read_of(table(header, 60, of_1970));
    INFO(header << notes_of(r));
    CHECK(r.axes == Strings{"x", "y", "z"});
    CHECK(r.rate_hz == 20);
    CHECK_THAT(notes_of(r), Catch::Contains("it is left out; name it in `axes` in dragonet.toml"));
  }
  const auto seconds = [](int i) { return fmt::format("{},{}", 20 * i, 1700000000 + i / 50); };
  CHECK(read_of(table("t_ms,when,x,y,z", 60, seconds)).axes == Strings{"x", "y", "z"});
  CHECK(read_of(table("t_ms,when,x,y,z", 30, seconds)).axes == Strings{"x", "y", "z"});  // all in one second
  const auto jittered = [](int i) {
    const double t = 20 * i + 7 * std::sin(i * 1.7) + (i > 30 ? 400 : 0);
    return fmt::format("{:.1f},{:.4f}", t, 5 + t / 1000);
  };
  CHECK(read_of(table("t_ms,device,x,y,z", 60, jittered)).axes == Strings{"x", "y", "z"});
}

TEST_CASE("numbers of rows, packets, persons and sessions are no axes") {
  const auto with = [](const char* name, const std::function<int(int)>& number) {
    return read_of(
        table(fmt::format("t_ms,{},x,y,z", name), 300, [&](int i) { return fmt::format("{},{}", 10 * i, number(i)); }));
  };
  for (const char* name : {"", "n", "seq", "Unnamed: 0", "whatever"})
    CHECK(with(name, [](int i) { return i; }).axes == Strings{"x", "y", "z"});
  CHECK(with("wraps", [](int i) { return i % 256; }).axes == Strings{"x", "y", "z"});
  CHECK(with("lost", [](int i) { return i + i / 40; }).axes == Strings{"x", "y", "z"});
  for (const char* name : {"user", "User ID", "subject", "participant_no", "session", "trial", "uid"}) {
    const MotionRecording r = with(name, [](int) { return 7; });
    CHECK(r.axes == Strings{"x", "y", "z"});
    CHECK_THAT(notes_of(r), Catch::Contains("numbers persons, sessions or the like; it is left out"));
  }
}

TEST_CASE("what somebody names as an axis is one, and a column that only looks like a clock in short tables stays") {
  const auto angle = [](int i) { return fmt::format("{},{}", 10 * i, 3 * i); };
  CHECK(read_of(table("t_ms,angle,x,y,z", 50, angle)).left_out == Strings{"angle"});
  CHECK(read_of(table("t_ms,angle,x,y,z", 50, angle), {.axes = {"angle"}}).axes == Strings{"angle", "x", "y", "z"});
  CHECK(read_of(table("t_ms,user,x,y,z", 50, angle), {.axes = {"user"}}).axes == Strings{"user", "x", "y", "z"});
  CHECK(read_of(table("t_ms,angle,x,y,z", 5, angle)).axes == Strings{"angle", "x", "y", "z"});
  CHECK(read_of("t_ms,ramp\n0,0\n10,1\n20,2\n30,3\n40,4\n50,5\n60,6\n70,7\n80,8\n").axes == Strings{"ramp"});
}

TEST_CASE("a clock under a name that says nothing is the time where there is no other") {
  const MotionRecording r = read_of(table("zeit,x,y,z", 60, [](int i) { return fmt::format("{}", 20 * i); }));
  CHECK(r.rate_hz == 50);
  CHECK(r.axes == Strings{"x", "y", "z"});
  CHECK_THAT(notes_of(r), Catch::Contains("column 1 (zeit) grows evenly and is taken for the time"));
  const auto unix_ms = [](int i) { return fmt::format("{}", 1700000000000 + 10 * i); };
  CHECK(read_of(table("wann,x,y,z", 5, unix_ms)).rate_hz == 100);
}

TEST_CASE("N readings in each whole second are N Hz, whatever N, and wherever in a second it begins and ends") {
  for (const int n : {2, 3, 10, 25, 50, 104, 400})
    for (const int first : {0, n / 3})
      for (const int rows : {4 * n, 4 * n + n / 2, 10 * n}) {
        const auto second = [&](int i) { return 1700000000 + (i + first) / n; };
        const MotionRecording r =
            read_of(table("timestamp,x,y,z", rows, [&](int i) { return fmt::format("{}", second(i)); }));
        INFO(n << " a second, " << rows << " rows from reading " << first);
        CHECK(r.rate_hz == n);
        CHECK(r.readings() == static_cast<std::size_t>(rows));
        CHECK_THAT(notes_of(r), Catch::Contains("coarser than the readings"));
      }
  CHECK(read_of(table("t,x,y,z", 100, [](int i) { return fmt::format("{}", i / 25); })).rate_hz == 25);
  const auto uneven = [](int i) { return fmt::format("{}", 1700000000 + (i * 20 + i % 3) / 1000); };
  CHECK(read_of(table("timestamp,x,y,z", 500, uneven)).rate_hz == 50);
}

TEST_CASE("times since 1970 have their unit by their size; counts since the start by their steps") {
  const auto rate = [](const std::function<double(int)>& time) {
    return read_of(table("timestamp,x,y,z", 40, [&](int i) { return fmt::format("{:.3f}", time(i)); })).rate_hz;
  };
  CHECK(rate([](int i) { return 1.7e9 + i; }) == 1);
  CHECK(rate([](int i) { return 1.7e9 + 0.02 * i; }) == 50);
  CHECK(rate([](int i) { return 1.7e12 + 20 * i; }) == 50);
  CHECK(rate([](int i) { return 1.7e15 + 20000 * i; }) == 50);
  CHECK(rate([](int i) { return 1.5e9 + 20000 * i; }) == 50);  // micros()
  CHECK(rate([](int i) { return 1.5e12 + 2e7 * i; }) == 50);   // nanoseconds of a phone
}

TEST_CASE("columns that are empty are left out, with or without a name") {
  for (const char* text : {"t_ms,x,y,\n0,1,2,\n10,2,1,\n20,1,2,\n", "t_ms,x,y\n0,1,2,\n10,2,1,\n20,1,2,\n",
                           "t_ms,x,y,,\n0,1,2\n10,2,1\n20,1,2\n", "t_ms,x,gps,y\n0,1,,2\n10,2,,1\n20,1,,2\n",
                           "t_ms,x,heart,y\n0,1,NaN,2\n10,2,nan,1\n20,1,NaN,2\n",
                           "t_ms,x,y;\n0,1,2;\n10,2,1;\n20,1,2;\n", "t_ms;x;y;\n0;1;2;\n10;2;1;\n20;1;2;\n"}) {
    const MotionRecording r = read_of(text);
    INFO(text << notes_of(r));
    CHECK(r.axes == Strings{"x", "y"});
    CHECK(r.values == std::vector<float>{1, 2, 2, 1, 1, 2});
  }
  CHECK_THAT(notes_of(read_of("t_ms,x,y,\n0,1,2,\n10,2,1,\n20,1,2,\n")), Catch::Contains("column 4 is empty"));
  CHECK_THAT(complaint("t_ms,x,y\n0,1,2\n10,2,1,5\n"), Catch::Contains("line 3: it has 4 cells"));
}

TEST_CASE("units in Latin-1 are read as they would be in UTF-8, with a note") {
  const MotionRecording r = read_of("t_ms,accX (m/s\xb2),gyrX (\xb0/s),mag (\xb5T)\n0,1,2,3\n10,2,3,1\n20,1,2,5\n");
  CHECK(r.units == Strings{"m/s2", "deg/s", "uT"});
  CHECK_THAT(notes_of(r), Catch::Contains("no UTF-8 and are read as Latin-1"));
}

TEST_CASE("a table without times has its own axes, and asks for the rate") {
  const std::string text = "aX,aY,aZ\n1,2,3\n2,3,1\n0,2,5\n";
  CHECK_THAT(complaint(text), Catch::Contains("its axes are aX, aY, aZ") && Catch::Contains("--rate HZ"));
  const MotionRecording r = read_of(text, {.rate_hz = 50});
  CHECK(r.axes == Strings{"aX", "aY", "aZ"});
  CHECK_THAT(notes_of(r), Catch::Contains("no column of times; its readings are taken to come at 50 Hz"));
}

TEST_CASE("one huge reading changes its neighbours in a resampled recording, and nothing else") {
  std::string text = "t_ms,x\n";
  for (int i = 0; i < 400; ++i) text += fmt::format("{},{}\n", 5 * i, i == 100 ? "1e38" : std::to_string(i % 7));
  const MotionRecording r = read_of(text, {.rate_hz = 50});
  int huge = 0;
  for (const float value : r.values) huge += std::abs(value) > 7;
  CHECK(huge >= 1);
  CHECK(huge <= 2);
  CHECK(r.values[80] == Approx(3).margin(1.5));
}

TEST_CASE("a pipe or a device is refused, and not read without end") {
  CHECK_THROWS_WITH(read_motion("/dev/zero", {}), Catch::Contains("a device or a pipe"));
}

/// Behind the date: hh:mm:ss and what comes then, so many milliseconds after noon.
static std::string after_noon(int ms, const char* end = "Z", bool has_fraction = true) {
  std::string text = fmt::format("12:{:02}:{:02}", ms / 60000, ms / 1000 % 60);
  if (has_fraction) text += fmt::format(".{:03}", ms % 1000);
  return text + end;
}

TEST_CASE("dates with times of day are a clock, with a fraction and without, in any zone") {
  for (const char* date : {"2024-05-01T", "2024-05-01 "})
    for (const char* zone : {"Z", "", "+02:00"}) {
      const MotionRecording r =
          read_of(table("timestamp,x,y,z", 60, [&](int i) { return date + after_noon(20 * i, zone); }));
      INFO(date << zone << notes_of(r));
      CHECK(r.axes == Strings{"x", "y", "z"});
      CHECK(r.rate_hz == 50);
      CHECK(r.values.size() == 180);
      CHECK(r.notes.empty());
    }
}

TEST_CASE("whole seconds as text, with several readings each, are spread evenly as those of a number are") {
  const auto whole = [](int i) { return "2024-05-01 " + after_noon(20 * i, "", false); };
  const MotionRecording r = read_of(table("time,x,y,z", 200, whole));
  CHECK(r.rate_hz == 50);
  CHECK_THAT(notes_of(r), Catch::Contains("spread evenly between them, 50 a second"));
}

TEST_CASE("a column of dates that is not named as a time is one all the same, with a note; without a header, too") {
  const auto row = [](int i) { return "2024-05-01T" + after_noon(20 * i); };
  const MotionRecording named = read_of(table("when,x,y,z", 60, row));
  CHECK(named.rate_hz == 50);
  CHECK_THAT(notes_of(named), Catch::Contains("column 1 (when) holds dates with times of day and is taken for the"));
  std::string bare = table("", 60, row);
  const MotionRecording nameless = read_of(bare.substr(1));
  CHECK(nameless.rate_hz == 50);
  CHECK(nameless.axes == Strings{"x", "y", "z"});
}

TEST_CASE("beside a clock in numbers, dates are the time only where they are finer") {
  const auto both = [](int i) { return fmt::format("2024-05-01T{},{}", after_noon(20 * i, "Z", false), 20 * i); };
  const MotionRecording r = read_of(table("timestamp,t_ms,x,y,z", 60, both));
  CHECK(r.rate_hz == 50);
  CHECK_THAT(notes_of(r), Catch::Contains("column 1 (timestamp) is another time"));
}

TEST_CASE("a date that is none is refused with its line") {
  const auto broken = [](int i) { return i == 7 ? "2024-05-01T12:61:00Z" : "2024-05-01T" + after_noon(20 * i); };
  CHECK_THAT(complaint(table("timestamp,x,y,z", 60, broken)),
             Catch::Contains("line 9, column 1 (timestamp): \"2024-05-01T12:61:00Z\" is no date with a time of day"));
}
