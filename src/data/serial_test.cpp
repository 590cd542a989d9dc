#include "data/serial.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "data/live_readings.h"
#include "data/motion.h"
#include "data/serial_fixture.h"

using namespace dragonet;

static std::string complaint_about_port(const fs::path& port, int baud = 115200) try {
  SerialPort opened(port, baud);
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

TEST_CASE("a serial port gives the bytes as they are, and says when the board is gone") {
  if (!has_pseudo_terminals()) return;
  PretendedBoard board;
  SerialPort port(board.port(), 115200);
  CHECK(port.read_some(std::chrono::milliseconds(1)).empty());
  const std::string bytes("\x03\x04\r\n\xff\x11\x13\x00z", 9);
  board.print(bytes);
  std::string came;
  for (int i = 0; i < 100 && came.size() < bytes.size(); ++i) came += port.read_some(std::chrono::milliseconds(100));
  CHECK(came == bytes);
  CHECK_FALSE(port.is_gone());
  board.unplug();
  CHECK(port.read_some(std::chrono::milliseconds(1000)).empty());
  CHECK(port.is_gone());
}

TEST_CASE("what cannot be a serial port is refused with what to do") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  write_file(folder.path() / "file", "x");
  PretendedBoard board;
  CHECK_THAT(complaint_about_port(folder.path() / "none"), Catch::Contains("cannot open: No such file"));
  CHECK_THAT(complaint_about_port(folder.path() / "file"), Catch::Contains("it is no serial port"));
  CHECK_THAT(complaint_about_port(board.port(), 1234), Catch::Contains("1234 baud") && Catch::Contains("9600, 19200"));
}

TEST_CASE("lines are put together from parts, and endless ones are thrown away") {
  LineAssembler lines;
  CHECK(lines.take("1,2").empty());
  CHECK(lines.take(",3\r\n\r\n4").size() == 1);
  CHECK(lines.take("\n5\r") == std::vector<std::string>{"4", "5"});
  CHECK(lines.take(std::string(100'000, '7')).empty());
  CHECK(lines.take("\n8\n") == std::vector<std::string>{"8"});
}

/// A table made of lines that come 10 ms apart.
static std::string saved(const std::vector<std::string>& lines, double rate_hz = 0) {
  LiveReadings readings;
  double now_s = 5;
  for (const std::string& line : lines) readings.take(line, now_s += 0.01);
  return readings.table(rate_hz);
}

TEST_CASE("live lines become a table with times: the board's own, those of a rate, or those of their coming") {
  CHECK(saved({"millis\tax (g)\tay", "1000\t1\t2", "1020\t3\t4"}) == "t_ms,ax (g),ay\n0.000,1,2\n20.000,3,4\n");
  CHECK(saved({"x,y,z", "1,2,3", "4,5,6"}, 50) == "t_ms,x,y,z\n0.000,1,2,3\n20.000,4,5,6\n");
  CHECK(saved({"1,2,3", "1,2,3", "4,5,6"}) == "t_ms,x,y,z\n0.000,1,2,3\n10.000,4,5,6\n");
  CHECK(saved({"0,7", "20,7", "40,9", "60,1", "81,0"}) == "t_ms,a1\n0.000,7\n20.000,9\n40.000,1\n61.000,0\n");
}

TEST_CASE("lines that are no reading are counted, among them a first one that may lack its beginning") {
  LiveReadings readings;
  for (const char* line : {"3,0.5", "Started", "ax,ay", "1,2", "ax,ay", "1,2,3", "1,x", "", "3,4"})
    readings.take(line, 0);
  CHECK(readings.readings() == 2);
  CHECK(readings.skipped() == 6);
}

TEST_CASE("what is recorded live is read back") {
  const TemporaryFolder folder;
  write_file(folder.path() / "a.csv", saved({"t_s,acc_g", "0,1", "0.02,2", "0.04,3"}));
  const MotionRecording recording = read_motion(folder.path() / "a.csv");
  CHECK(recording.rate_hz == 50);
  CHECK(recording.units == std::vector<std::string>{"g"});
  CHECK(recording.values == std::vector<float>{1, 2, 3});
}
