#include "project/serial_recording.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "base/error.h"
#include "data/column_names.h"
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

[[noreturn]] void refuse_axes(const RecordOptions& options, const std::string& what) {
  throw Error(
      Problem{.where = options.port.string(),
              .what = what,
              .next = fmt::format("let the board send {}, or change axes, units and full_scale in dragonet.toml",
                                  fmt::join(options.axes, ", "))});
}

/// A project's network takes its axes, so recordings of others would be of no use. One column more may be a time.
void check_count(const RecordOptions& options, std::size_t columns, bool may_have_time) {
  const std::size_t wanted = options.axes.size();
  if (wanted == 0 || columns == wanted || (may_have_time && columns == wanted + 1)) return;
  refuse_axes(options, fmt::format("it sends {} numbers a line, and the project has the {} axes {}", columns, wanted,
                                   fmt::join(options.axes, ", ")));
}

/// The names that the board gives must be the project's.
void check_titles(const RecordOptions& options, const std::vector<std::string>& titles) {
  for (std::size_t a = 0; a < options.axes.size(); ++a) {
    const auto found =
        std::ranges::find(titles, options.axes[a], [](const std::string& title) { return name_and_unit(title).name; });
    if (found == titles.end())
      refuse_axes(options, fmt::format("it names its numbers {}, and the project has the axis {}",
                                       fmt::join(titles, ", "), options.axes[a]));
    const std::string own = name_and_unit(*found).unit, wanted = a < options.units.size() ? options.units[a] : "";
    if (!own.empty() && !wanted.empty() && own != wanted)
      refuse_axes(options,
                  fmt::format("it sends {} in {}, and the project has it in {}", options.axes[a], own, wanted));
  }
}

/// What the project calls its axes, in its units.
std::vector<std::string> titles_of(const RecordOptions& options) {
  std::vector<std::string> titles;
  for (std::size_t a = 0; a < options.axes.size(); ++a) {
    const std::string unit = a < options.units.size() ? options.units[a] : "";
    titles.push_back(unit.empty() ? options.axes[a] : fmt::format("{} ({})", options.axes[a], unit));
  }
  return titles;
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
        readings_(titles_of(options)),
        progress_(observer, "recording " + options.label, static_cast<std::size_t>(std::ceil(options.seconds * 10))) {}

  void run() {
    while (!is_over()) {
      for (const std::string& line : lines_.take(port_.read_some(std::chrono::milliseconds(50))))
        readings_.take(line, seconds_since(start_));
      check_axes(false);
      if (options_.seconds > 0)
        progress_.update(static_cast<std::size_t>(std::min(options_.seconds, seconds_since(start_)) * 10),
                         fmt::format("{} readings", readings_.readings()));
    }
    seconds_ = seconds_since(start_);
  }

  LiveRecording save(const fs::path& samples) {
    if (readings_.readings() < 2)
      throw Error(
          Problem{.where = options_.port.string(),
                  .what = fmt::format("{} reading(s) and {} other line(s) came in {:.1f} s", readings_.readings(),
                                      readings_.skipped(), seconds_),
                  .next = "let the board print a line of comma-separated numbers for each reading, and check --baud"});
    check_axes(true);
    const fs::path file = free_name(samples, options_.label);
    write_file(file, readings_.table(options_.rate_hz));
    return {.file = file,
            .readings = readings_.readings(),
            .seconds = seconds_,
            .skipped = readings_.skipped(),
            .unplugged = port_.is_gone()};
  }

 private:
  /// Once the first readings are there, and at the end, when it is known whether a column is a time.
  void check_axes(bool at_end) {
    if (readings_.readings() == 0 || (is_checked_ && !at_end)) return;
    is_checked_ = true;
    const std::vector<std::string> titles = readings_.axis_titles();
    if (!titles.empty()) return check_titles(options_, titles);
    check_count(options_, at_end ? readings_.axes() : readings_.columns(), !at_end);
  }

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
  bool is_checked_ = false;
};

}  // namespace

LiveRecording record_live(const fs::path& samples, const RecordOptions& options, const Observer& observer) {
  check_record(options);
  Listening listening(options, observer);
  listening.run();
  return listening.save(samples);
}

}  // namespace dragonet
