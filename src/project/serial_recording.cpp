#include "project/serial_recording.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "base/error.h"
#include "data/live_readings.h"
#include "data/serial.h"

namespace dragonet {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void check_record(const RecordOptions& options) {
  const std::string& label = options.label;
  if (label.empty() || label.starts_with('.') || label.find_first_of("/\\\n") != label.npos)
    throw Error(Problem{.where = fmt::format("the label \"{}\"", label),
                        .what = "it cannot be a folder's name",
                        .next = "give a word such as --label punch"});
  for (const double number : {options.seconds, options.rate_hz})
    if (!(number >= 0) || !std::isfinite(number))
      throw Error(Problem{.where = "data record",
                          .what = fmt::format("{:g} is no number of seconds or Hz", number),
                          .next = "give a number above 0"});
}

fs::path free_name(const fs::path& samples, const std::string& label) {
  for (int n = 1;; ++n) {
    const fs::path file = samples / label / fmt::format("{}-{:03}.csv", label, n);
    if (!fs::exists(file)) return file;
  }
}

/// Listens until the time is up, somebody asks to stop, or the board is gone.
class Listening {
 public:
  Listening(const RecordOptions& options, const Observer& observer)
      : options_(options),
        observer_(observer),
        port_(options.port, options.baud),
        progress_(observer, "recording " + options.label, static_cast<std::size_t>(std::ceil(options.seconds * 10))) {}

  void run() {
    while (!is_over()) {
      for (const std::string& line : lines_.take(port_.read_some(std::chrono::milliseconds(50))))
        readings_.take(line, seconds_since(start_));
      if (options_.seconds > 0)
        progress_.update(static_cast<std::size_t>(std::min(options_.seconds, seconds_since(start_)) * 10),
                         fmt::format("{} readings", readings_.readings()));
    }
    seconds_ = seconds_since(start_);
  }

  LiveRecording save(const fs::path& samples) const {
    if (readings_.readings() < 2)
      throw Error(
          Problem{.where = options_.port.string(),
                  .what = fmt::format("{} reading(s) and {} other line(s) came in {:.1f} s", readings_.readings(),
                                      readings_.skipped(), seconds_),
                  .next = "let the board print a line of comma-separated numbers for each reading, and check --baud"});
    const fs::path file = free_name(samples, options_.label);
    write_file(file, readings_.table(options_.rate_hz));
    return {.file = file,
            .readings = readings_.readings(),
            .seconds = seconds_,
            .skipped = readings_.skipped(),
            .unplugged = port_.is_gone()};
  }

 private:
  bool is_over() const {
    return observer_.asks_to_stop() || port_.is_gone() ||
           (options_.seconds > 0 && seconds_since(start_) >= options_.seconds);
  }

  RecordOptions options_;
  const Observer& observer_;
  SerialPort port_;
  LineAssembler lines_;
  LiveReadings readings_;
  Progress progress_;
  Clock::time_point start_ = Clock::now();
  double seconds_ = 0;
};

}  // namespace

LiveRecording record_live(const fs::path& samples, const RecordOptions& options, const Observer& observer) {
  check_record(options);
  Listening listening(options, observer);
  listening.run();
  return listening.save(samples);
}

}  // namespace dragonet
