#include "data/motion.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/error.h"

using namespace dragonet;

namespace {

/// A file of that name and content, read.
MotionRecording read_of(const std::string& text, const MotionReadOptions& options = {}, const char* name = "a.csv") {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / name, std::ios::binary) << text;  // thousands: write_file would sync each to the disk
  return read_motion(folder.path() / name, options);
}

std::string complaint(const std::string& text, const MotionReadOptions& options = {}, const char* name = "a.csv") try {
  read_of(text, options, name);
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

bool has_note(const MotionRecording& recording, const std::string& words) {
  for (const std::string& note : recording.notes)
    if (note.find(words) != note.npos) return true;
  return false;
}

using Strings = std::vector<std::string>;
using Floats = std::vector<float>;

}  // namespace

TEST_CASE("a table with times in milliseconds has the rate of its times, and units from its names") {
  const MotionRecording r = read_of("t_ms,ax_g,gyro x (deg/s),az [m/s^2],w\n0,1,2,3,4\n10,5,6,7,8\n20,9,10,11,12\n");
  CHECK(r.rate_hz == 100);
  CHECK(r.axes == Strings{"ax", "gyro x", "az", "w"});
  CHECK(r.units == Strings{"g", "deg/s", "m/s2", ""});
  CHECK(r.values == Floats{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  CHECK(r.notes.empty());
}

TEST_CASE("tabs, semicolons, decimal commas, blanks, Windows' line ends, quotes, marks and remarks are all read") {
  const Floats expected{0.5f, -1, 1.5f, 2};
  const char* const files[] = {"time_s\tx\ty\n0\t0.5\t-1\n0.02\t1.5\t+2\n",
                               "time_s;x;y\r\n0;0,5;-1\r\n0,02;1,5;2e0\r\n",
                               "\xef\xbb\xbf# a remark\n\"time (s)\", \"x\" ,y\n0, 0.5 ,-1\n\n0.02,\"1.5\",2",
                               "t_s  x y\r  0   0.5 -1\r 0.02 1.5 2\r"};
  for (const char* file : files) {
    INFO(file);
    const MotionRecording r = read_of(file);
    CHECK(r.rate_hz == 50);
    CHECK(r.axes == Strings{"x", "y"});
    CHECK(r.values == expected);
  }
}

TEST_CASE("the unit of times without one follows from their spacing, and is said") {
  CHECK(read_of("timestamp,x\n1000,1\n1016,2\n1032,3\n").rate_hz == 62.5);
  CHECK(has_note(read_of("timestamp,x\n1000,1\n1016,2\n"), "taken for ms: they are 16 apart"));
  CHECK(read_of("time,x\n0,1\n0.02,2\n").rate_hz == 50);
  CHECK(has_note(read_of("ts,x\n5000000,1\n5020000,2\n"), "taken for us"));
  CHECK(read_of("millis,x\n0,1\n8,2\n16,1\n").rate_hz == 125);
}

TEST_CASE("without a header, an even first column is the time and one that counts is left out") {
  const MotionRecording timed = read_of("0,5,6\n20,7,8\n40,9,1\n");
  CHECK(timed.rate_hz == 50);
  CHECK(timed.axes == Strings{"a1", "a2"});
  CHECK(has_note(timed, "taken for the time"));
  const MotionRecording counted = read_of("1,5,6,0\n2,7,8,0\n3,9,1,0\n", {.rate_hz = 25});
  CHECK(counted.rate_hz == 25);
  CHECK(counted.axes == Strings{"x", "y", "z"});
  CHECK(has_note(counted, "counts the rows"));
  CHECK(read_of("3.5,1\n-2,2\n8,1\n", {.rate_hz = 10}).axes == Strings{"a1", "a2"});
}

TEST_CASE("a file without times needs a rate, and says so") {
  CHECK_THAT(complaint("x,y\n1,2\n3,4\n"), Catch::Contains("no column of times") && Catch::Contains("rate_hz"));
  CHECK(read_of("x,y\n1,2\n3,4\n", {.rate_hz = 20}).seconds() == Approx(0.1));
}

TEST_CASE("a column of labels gives the ranges of each, named or the only one of text") {
  const MotionRecording named =
      read_of("t_ms,x,activity,who\n0,1,1,ann\n10,2,1,ann\n20,3,,ann\n30,4,2,ann\n40,5,2,ann\n");
  CHECK(named.labelled == std::vector<MotionRange>{{0, 0.02, "1"}, {0.03, 0.05, "2"}});
  CHECK(has_note(named, "column 4 (who) is text and not the label"));
  const MotionRecording only = read_of("0,1,walk\n10,2,walk\n20,3,run\n");
  CHECK(only.axes == Strings{"a1"});
  CHECK(only.labelled == std::vector<MotionRange>{{0, 0.02, "walk"}, {0.02, 0.03, "run"}});
}

TEST_CASE("jittered times are resampled by straight lines, and even ones within a quarter interval are left alone") {
  const MotionRecording jittered = read_of("t_ms,x\n0,0\n14,14\n20,20\n30,30\n40,40\n56,56\n60,60\n");
  CHECK(jittered.rate_hz == 100);
  CHECK(has_note(jittered, "resampled to 100 Hz"));
  REQUIRE(jittered.values.size() == 7);
  for (int i = 0; i < 7; ++i) CHECK(jittered.values[i] == Approx(10 * i));
  const MotionRecording rounded = read_of("t_ms,x\n0,0\n8.4,5\n16.8,1\n25.2,7\n");
  CHECK(rounded.rate_hz == 119);
  CHECK(rounded.values == Floats{0, 5, 1, 7});
}

TEST_CASE("repeated times are averaged, and spread where the clock is coarser than the readings") {
  const MotionRecording some = read_of("t_ms,x\n0,0\n10,1\n10,3\n20,4\n30,5\n");
  CHECK(some.values == Floats{0, 2, 4, 5});
  CHECK(has_note(some, "averaged"));
  const MotionRecording coarse = read_of("t_s,x\n0,0\n0,1\n0,2\n0,3\n1,4\n1,5\n1,6\n1,7\n");
  CHECK(coarse.rate_hz == 4);
  CHECK(coarse.values == Floats{0, 1, 2, 3, 4, 5, 6, 7});
  CHECK(has_note(coarse, "spread evenly"));
}

TEST_CASE("a few late readings are sorted; a clock that starts again is refused with its line") {
  const MotionRecording late = read_of("t_ms,x\n0,0\n20,2\n10,1\n30,3\n40,4\n");
  CHECK(late.values == Floats{0, 1, 2, 3, 4});
  CHECK(has_note(late, "1 reading(s) were out of order"));
  CHECK_THAT(complaint("t_ms,x\n0,0\n10,2\n20,1\n30,3\n40,3\n50,3\n60,3\n70,3\n80,3\n0,3\n10,3\n"),
             Catch::Contains("line 11") && Catch::Contains("the time goes back by 0.08 s"));
}

TEST_CASE("gaps are bridged and told; times that span years are refused") {
  const MotionRecording gap = read_of("t_ms,x\n0,0\n10,1\n20,2\n100,10\n110,11\n");
  CHECK(gap.readings() == 12);
  CHECK(gap.values[5] == Approx(5));
  CHECK(has_note(gap, "1 gap(s) longer than 0.05 s, the longest of 0.08 s at 0.02 s"));
  CHECK_THAT(complaint("t_ms,x\n0,0\n10,1\n20,2\n1e12,10\n"), Catch::Contains("its times span 1e+09 s"));
}

TEST_CASE("to a much lower rate readings are averaged, so that a fast shake does not turn into a slow one") {
  std::string text = "t_ms,x\n";
  for (int i = 0; i < 1000; ++i) text += std::to_string(i) + "," + std::to_string(i % 2 ? 1 : -1) + "\n";
  const MotionRecording slow = read_of(text, {.rate_hz = 50});
  CHECK(slow.readings() == 50);
  for (const float value : slow.values) CHECK(std::abs(value) < 0.06f);
  const MotionRecording again = at_rate(read_of(text), 50);
  CHECK(again.rate_hz == 50);
  for (std::size_t i = 0; i < 50; ++i) CHECK(again.values[i] == Approx(slow.values[i]).margin(1e-6));
}

TEST_CASE("a part of a recording is its readings from the first second to before the last") {
  const MotionRecording whole = read_of("t_ms,x\n0,0\n10,1\n20,2\n30,3\n40,4\n");
  CHECK(part_of(whole, 0.01, 0.03).values == Floats{1, 2});
  CHECK(part_of(whole, 0, 0).values.size() == 5);
  CHECK(part_of(whole, 0.04, 9).values == Floats{4});
  CHECK(part_of(whole, 70, 90).values == Floats{4});
}

TEST_CASE("cells that are no numbers are refused with line and column") {
  CHECK_THAT(complaint("t_ms,ax\n0,1\n10,oops\n"),
             Catch::Contains("a.csv, line 3, column 2 (ax): \"oops\" is no finite"));
  CHECK_THAT(complaint("t_ms,ax\n0,1\n10,\n20,nan\n"),
             Catch::Contains("line 3, column 2 (ax): the cell is empty") && Catch::Contains("line 4, column 2 (ax)"));
  CHECK_THAT(complaint("t_ms,ax\n0,1\n10,1e300\n"), Catch::Contains("line 3, column 2"));
  CHECK_THAT(complaint("t_ms,ax\n0,1\ninf,2\n"), Catch::Contains("line 3, column 1 (t)"));
  CHECK_THAT(complaint("time,ax\nten past ten,1\n"), Catch::Contains("give times in seconds or milliseconds"));
}

TEST_CASE("rows of other widths are refused with their line, and a last line that was cut off is left out") {
  CHECK_THAT(complaint("t_ms,ax,ay\n0,1,2\n10,2\n20,1,2\n"),
             Catch::Contains("line 3: it has 2 cells, and the first line 3"));
  const MotionRecording cut = read_of("t_ms,ax,ay\n0,1,2\n10,2,3\n20,1");
  CHECK(cut.values == Floats{1, 2, 2, 3});
  CHECK(has_note(cut, "line, 4, was cut off"));
}

TEST_CASE("what is no table of readings is refused in a sentence") {
  CHECK_THAT(complaint(""), Catch::Contains("it is empty"));
  CHECK_THAT(complaint("t_ms,ax\n"), Catch::Contains("it has no readings"));
  CHECK_THAT(complaint("t_ms,ax\n0,1\n"), Catch::Contains("a single reading"));
  CHECK_THAT(complaint("t_ms,ax\n5,1\n5,2\n5,3\n"), Catch::Contains("every reading has the same time"));
  CHECK_THAT(complaint("t_ms,label\n0,walk\n10,run\n"), Catch::Contains("no column holds readings"));
  CHECK_THAT(complaint("t_ms,ax,ax\n0,1,2\n10,1,2\n"), Catch::Contains("two columns are named ax"));
  CHECK_THAT(complaint(std::string("\x7f"
                                   "ELF\0\0\0",
                                   7)),
             Catch::Contains("it is not text"));
  CHECK_THAT(complaint("\xff\xfet\0"), Catch::Contains("UTF-16"));
  CHECK_THAT(complaint("t_ns,ax\n0,1\n1,2\n2,3\n"), Catch::Contains("a rate of 1e+09 Hz"));
}

TEST_CASE("a file of a gigabyte is refused before it is read") {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "long.csv";
  write_file(path, "t_ms,x\n0,1\n");
  fs::resize_file(path, 1u << 30);  // holes take no disk
  CHECK_THROWS_WITH(read_motion(path), Catch::Contains("it has 1024 MB, and up to 256 MB are read"));
}

TEST_CASE("whatever bytes a file has, it is read or refused, and nothing else happens") {
  std::mt19937 random(3);
  const std::string alphabet = "0123456789.,;\t\n\r\"-+e naxt_ms#\xff";
  for (int i = 0; i < 3000; ++i) {
    std::string text = i % 2 ? "t_ms,ax,label\n0,1,a\n10,2,b\n" : "";
    for (unsigned n = random() % 80; n > 0; --n) text += alphabet[random() % alphabet.size()];
    complaint(text, {.rate_hz = i % 3 ? 0.0 : 50.0});
  }
}

static const char* const impulse = R"({"protected": {"ver": "v1", "alg": "HS256", "iat": 1564128599},
 "signature": "b0ee", "payload": {"device_type": "ONE", "interval_ms": 10,
 "sensors": [{"name": "accX", "units": "m/s2"}, {"name": "accY", "units": "m/s2"}],
 "values": [[-9.81, 0.03], [-9.83, 0.04], [-9.12, 0.03]]}})";

TEST_CASE("Edge Impulse's JSON and CBOR are read, and their signature is said to be unchecked") {
  const auto json = nlohmann::json::parse(impulse);
  const std::vector<std::uint8_t> cbor = nlohmann::json::to_cbor(json);
  for (const MotionRecording& r :
       {read_of(impulse, {}, "a.json"), read_of(std::string(cbor.begin(), cbor.end()) + '\xff', {}, "a.CBOR")}) {
    CHECK(r.rate_hz == 100);
    CHECK(r.axes == Strings{"accX", "accY"});
    CHECK(r.units == Strings{"m/s2", "m/s2"});
    CHECK(r.values == Floats{-9.81f, 0.03f, -9.83f, 0.04f, -9.12f, 0.03f});
    CHECK(has_note(r, "signature was not checked"));
  }
}

TEST_CASE("Edge Impulse's file of a single sensor may hold plain numbers, and another rate may be asked for") {
  const MotionRecording r =
      read_of(R"({"payload": {"interval_ms": 20, "sensors": [{"name": "x", "units": "g"}], "values": [1, [2], 3]}})",
              {.rate_hz = 100}, "a.json");
  CHECK(r.rate_hz == 100);
  CHECK(r.readings() == 5);
  CHECK(r.values[1] == Approx(1.5));
}

TEST_CASE("Edge Impulse's files that lack something are refused with the place") {
  const auto without = [](const char* pointer, const nlohmann::json& value) {
    auto json = nlohmann::json::parse(impulse);
    json[nlohmann::json::json_pointer(pointer)] = value;
    return complaint(json.dump(), {}, "a.json");
  };
  CHECK_THAT(complaint("{", {}, "a.json"), Catch::Contains("it is no JSON"));
  CHECK_THAT(complaint("[1]", {}, "a.json"), Catch::Contains("it has no \"payload\""));
  CHECK_THAT(complaint("[1]", {}, "a.cbor"), Catch::Contains("it is no CBOR") || Catch::Contains("payload"));
  CHECK_THAT(without("/payload/values/1/0", "x"), Catch::Contains("payload.values[1][0]: it is no finite number"));
  CHECK_THAT(without("/payload/values/1", 3), Catch::Contains("payload.values[1]: it is no list of 2 numbers"));
  CHECK_THAT(without("/payload/values/1/0", nullptr), Catch::Contains("no finite number"));
  CHECK_THAT(without("/payload/sensors/1/name", 5), Catch::Contains("payload.sensors[1]: its \"name\" is no text"));
  CHECK_THAT(without("/payload/sensors/1/name", "accX"), Catch::Contains("the same name"));
  CHECK_THAT(without("/payload/sensors", nlohmann::json::array()), Catch::Contains("no list of 1 to 64 sensors"));
  CHECK_THAT(without("/payload/interval_ms", 0), Catch::Contains("payload.interval_ms: it is not above 0"));
}

TEST_CASE("JSON and CBOR nested without end, or of lengths that are not there, are refused") {
  CHECK_THAT(complaint(std::string(1'000'000, '['), {}, "a.json"), Catch::Contains("nested deeper than 16"));
  CHECK_THAT(complaint(std::string(10'000'000, '\x81'), {}, "a.cbor"), Catch::Contains("nested deeper than 16"));
  CHECK_THAT(complaint("\x9b\x00\xff\xff\xff\xff\xff\xff\xff", {}, "a.cbor"), Catch::Contains("it is no CBOR"));
  for (const char chunks : {'\x7f', '\x5f'}) {  // texts and bytes of chunks, which are such texts themselves
    CHECK_THAT(complaint(std::string(10'000'000, chunks), {}, "a.cbor"), Catch::Contains("chunks of a text"));
    CHECK_THAT(complaint("\x81" + std::string(1'000'000, chunks), {}, "a.cbor"), Catch::Contains("chunks of a text"));
    CHECK_THAT(complaint("\xbf\x61p" + std::string(1'000'000, chunks), {}, "a.cbor"),
               Catch::Contains("chunks of a text"));
  }
  CHECK_THAT(complaint(std::string(10'000'000, '\xc1'), {}, "a.cbor"), Catch::Contains("nested deeper than 16"));
  CHECK_THAT(complaint(std::string(1'000'000, '\xbf'), {}, "a.cbor"), Catch::Contains("it is no CBOR"));
  std::mt19937 random(4);
  const std::vector<std::uint8_t> good = nlohmann::json::to_cbor(nlohmann::json::parse(impulse));
  for (int i = 0; i < 3000; ++i) {
    std::string bytes(good.begin(), good.end());
    for (int n = 0; n < 3; ++n) bytes[random() % bytes.size()] = static_cast<char>(random());
    complaint(bytes.substr(0, random() % (bytes.size() + 1)), {}, "a.cbor");
  }
}

static std::vector<NamedRange> labels_of(const std::string& text) {
  const TemporaryFolder folder;
  write_file(folder.path() / "labels.csv", text);
  return read_motion_labels(folder.path() / "labels.csv");
}

TEST_CASE("a list of ranges says its unit in the header, and its mistakes have a line") {
  CHECK(labels_of("file,start_s,end_s,label\na.csv,1,2.5,walk\n")[0].second == MotionRange{1, 2.5, "walk"});
  CHECK(labels_of("label;end (ms);start (ms);file\nrun;2500;1000;b.csv\n") ==
        std::vector<NamedRange>{{"b.csv", {1, 2.5, "run"}}});
  CHECK(labels_of("file,label\na.csv,walk\n")[0].second == MotionRange{0, 0, "walk"});
  CHECK_THROWS_WITH(labels_of("a.csv,1,2,walk\n"), Catch::Contains("file,start_s,end_s,label"));
  CHECK_THROWS_WITH(labels_of("file,start,end,label\na,1,2,walk\nb,2,1,walk\n"),
                    Catch::Contains("labels.csv, line 3: the range ends before it begins"));
  CHECK_THROWS_WITH(labels_of("file,start,end,label\na,x,2,walk\n"), Catch::Contains("line 2: column 2 is no time"));
  CHECK_THROWS_WITH(labels_of("file,start,end,label\na,1\n"), Catch::Contains("line 2: it has 2 cells"));
}
