#include "project/serial_recording.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "base/error.h"
#include "base/interrupt.h"
#include "data/motion.h"
#include "data/serial_fixture.h"

using namespace dragonet;

namespace {

/// A board that sends a reading every 10 ms until this goes out of scope.
class SendingBoard {
 public:
  SendingBoard() : thread_([this] { send(); }) {}
  ~SendingBoard() { stop_ = true, thread_.join(); }
  SendingBoard(const SendingBoard&) = delete;
  SendingBoard& operator=(const SendingBoard&) = delete;
  const fs::path& port() const { return board_.port(); }

 private:
  void send() {
    for (int i = 0; !stop_; ++i) {
      board_.print(i % 10 == 9 ? "garbage\n" : "0.5," + std::to_string(i % 7) + "\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  PretendedBoard board_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

std::string complaint_of_record(const fs::path& samples, const RecordOptions& options) try {
  record_live(samples, options);
  return "nothing was thrown";
} catch (const Error& error) {
  return error.what();
}

}  // namespace

TEST_CASE("what a board sends is saved under its label, and the next recording has the next number", "[serial]") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  SendingBoard board;
  const RecordOptions options{.port = board.port(), .label = "punch", .seconds = 0.5, .rate_hz = 100};
  const LiveRecording first = record_live(folder.path(), options);
  CHECK(first.file == folder.path() / "punch" / "punch-001.csv");
  CHECK(first.readings > 10);
  CHECK(first.skipped > 1);
  CHECK_FALSE(first.unplugged);
  const MotionRecording read = read_motion(first.file);
  CHECK(read.rate_hz == 100);
  CHECK(read.readings() == first.readings);
  CHECK(record_live(folder.path(), options).file.filename() == "punch-002.csv");
}

TEST_CASE("Ctrl-C ends a recording and keeps what came", "[serial]") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  SendingBoard board;
  std::thread somebody([] {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    ::kill(::getpid(), SIGINT);
  });
  const Interruptible interruptible;
  const Observer observer{.wants_stop = [&] { return interruptible.was_asked_to_stop(); }};
  const LiveRecording recorded = record_live(folder.path(), {.port = board.port(), .label = "flex"}, observer);
  somebody.join();
  CHECK(recorded.seconds < 30);
  CHECK(read_motion(recorded.file).axes.size() == 2);
}

TEST_CASE("unplugging ends a recording and keeps what came", "[serial]") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  PretendedBoard board;
  std::thread somebody([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    board.print("t_ms,x\n0,1\n10,2\n20,3\n30,");
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    board.unplug();
  });
  const LiveRecording recorded = record_live(folder.path(), {.port = board.port(), .label = "x"});
  somebody.join();
  CHECK(recorded.unplugged);
  CHECK(recorded.readings == 3);
}

TEST_CASE("a recording without readings, or of no good label, is refused and leaves nothing") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  PretendedBoard board;
  const auto with = [&](const std::string& label, double seconds = 0.1) {
    return complaint_of_record(folder.path(), {.port = board.port(), .label = label, .seconds = seconds});
  };
  CHECK_THAT(with("punch"), Catch::Contains("0 reading(s)") && Catch::Contains("--baud"));
  CHECK_THAT(with("../punch"), Catch::Contains("cannot be a folder's name"));
  CHECK_THAT(with("x", -1), Catch::Contains("-1 is no number of seconds"));
  CHECK(fs::is_empty(folder.path()));
}

TEST_CASE("a recording has the project's axes and units, and one of others is refused as soon as it is seen") {
  if (!has_pseudo_terminals()) return;
  const TemporaryFolder folder;
  const auto record = [&](const std::string& lines, const RecordOptions& given) {
    PretendedBoard board;
    std::thread somebody([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      board.print(lines);
    });
    RecordOptions options = given;
    options.port = board.port(), options.label = "x", options.seconds = 0.6, options.rate_hz = 50;
    std::string said;
    try {
      said = read_text(record_live(folder.path(), options).file);
    } catch (const Error& error) {
      said = error.what();
    }
    somebody.join();
    return said;
  };
  const RecordOptions two{.axes = {"ax", "gz"}, .units = {"g", ""}};
  CHECK_THAT(record("lost\n1,2\n3,4\n5,1\n", two), Catch::StartsWith("t_ms,ax (g),gz\n0.000,1,2\n"));
  CHECK_THAT(record("lost\n0,1,2\n10,3,4\n20,5,1\n", two), Catch::StartsWith("t_ms,ax (g),gz\n0.000,1,2\n10.000,3,4"));
  CHECK_THAT(record("ax,gz,temp\n1,2,20\n3,4,21\n", two), Catch::StartsWith("t_ms,ax,gz,temp\n"));
  CHECK_THAT(
      record("lost\n1,2,3,4\n3,4,1,2\n", two),
      Catch::Contains("it sends 4 numbers a line, and the project has the 2 axes ax, gz; let the board send ax, gz"));
  CHECK_THAT(record("lost\n1\n3\n2\n", two), Catch::Contains("it sends 1 numbers a line"));
  CHECK_THAT(record("ax,ay\n1,2\n3,4\n", two),
             Catch::Contains("it names its numbers ax, ay, and the project has the axis gz"));
  CHECK_THAT(record("ax (m/s2),gz\n1,2\n3,4\n", two),
             Catch::Contains("it sends ax in m/s2, and the project has it in g"));
  CHECK_THAT(record("lost\n4,2,3\n3,4,1\n4,1,7\n", two), Catch::Contains("it sends 3 numbers a line"));  // and no time
}
