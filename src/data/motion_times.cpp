// From readings with times to readings at a fixed rate. A chip samples by its timer, evenly; phones and watches do not,
// and what a network learns from their jitter it would miss on the chip.
#include "data/motion_times.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <optional>

#include "base/error.h"

namespace dragonet {
namespace {

constexpr double gap_intervals = 5;  // a longer pause is told
constexpr double highest_rate_hz = 1e6, lowest_rate_hz = 1e-3;

[[noreturn]] void refuse(const TimedReadings& timed, std::size_t reading, std::string what, std::string next) {
  const std::string where =
      reading < timed.lines.size() ? fmt::format("{}, line {}", timed.source, timed.lines[reading]) : timed.source;
  throw Error(Problem{where, std::move(what), std::move(next)});
}

void check_rate(const TimedReadings& timed, double rate_hz) {
  const bool is_usual = rate_hz >= lowest_rate_hz && rate_hz <= highest_rate_hz;
  if (!is_usual)  // not a number, too
    throw Error(Problem{.where = timed.source,
                        .what = fmt::format("a rate of {:g} Hz is none that a motion sensor has", rate_hz),
                        .next = "check the rate, and the unit of the times"});
}

std::vector<double> intervals_of(const std::vector<double>& times) {
  std::vector<double> intervals;
  for (std::size_t i = 1; i < times.size(); ++i) intervals.push_back(times[i] - times[i - 1]);
  return intervals;
}

double median(std::vector<double> numbers) {
  if (numbers.empty()) return 0;
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::nth_element(numbers.begin(), middle, numbers.end());
  return *middle;
}

/// The readings in another order, or only some of them.
TimedReadings chosen(TimedReadings timed, const std::vector<std::size_t>& order) {
  TimedReadings out = timed;
  const std::size_t axes = timed.axes.size();
  out.times_s.clear(), out.values.clear(), out.label_of.clear(), out.lines.clear();
  for (const std::size_t from : order) {
    out.times_s.push_back(timed.times_s[from]);
    const auto row = timed.values.begin() + static_cast<std::ptrdiff_t>(from * axes);
    out.values.insert(out.values.end(), row, row + static_cast<std::ptrdiff_t>(axes));
    if (!timed.label_of.empty()) out.label_of.push_back(timed.label_of[from]);
    if (!timed.lines.empty()) out.lines.push_back(timed.lines[from]);
  }
  return out;
}

/// Radio and threads deliver a few readings late; a clock that starts again is another recording.
TimedReadings in_order(TimedReadings timed) {
  const std::vector<double> intervals = intervals_of(timed.times_s);
  const auto backwards = std::ranges::count_if(intervals, [](double s) { return s < 0; });
  if (backwards == 0) return timed;
  const double usual = median(intervals);
  for (std::size_t i = 0; i < intervals.size(); ++i)
    if (intervals[i] < -gap_intervals * usual || usual <= 0)
      refuse(timed, i + 1, fmt::format("the time goes back by {:.4g} s, as if another recording began", -intervals[i]),
             "cut the file into one recording each");
  std::vector<std::size_t> order(timed.times_s.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return timed.times_s[i]; });
  timed.notes.push_back(fmt::format("{} reading(s) were out of order and are sorted by their times", backwards));
  return chosen(std::move(timed), order);
}

/// Readings that share a time, as those of a coarse clock do.
struct Run {
  std::size_t first = 0, count = 0;
  double time = 0, step = 0;  // until the next one; of the last, the least of the others
};

std::vector<Run> runs_of(const std::vector<double>& times) {
  std::vector<Run> runs;
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (runs.empty() || times[i] != runs.back().time) runs.push_back({.first = i, .time = times[i]});
    ++runs.back().count;
  }
  for (std::size_t r = 0; r + 1 < runs.size(); ++r) runs[r].step = runs[r + 1].time - runs[r].time;
  if (runs.size() < 2) return runs;
  runs.back().step =
      std::min_element(runs.begin(), runs.end() - 1, [](const Run& a, const Run& b) { return a.step < b.step; })->step;
  return runs;
}

/// Do most times stand for several readings? Not the first and the last, of which there may be less.
bool is_coarse(const std::vector<Run>& runs) {
  const std::size_t cut = runs.size() > 2 ? 1 : 0;
  const auto several =
      std::count_if(runs.begin() + cut, runs.end() - cut, [](const Run& run) { return run.count > 1; });
  return 2 * several > std::ssize(runs) - 2 * static_cast<std::ptrdiff_t>(cut);
}

/// Readings a second, by the runs that are whole: those in the middle that no pause follows, and at the ends those that
/// have as many readings. A count is exact to one reading, so the nearest whole rate is taken within that.
double rate_of(const std::vector<Run>& runs) {
  const double step = runs.back().step;
  std::vector<double> counts;
  for (std::size_t r = 1; r + 1 < runs.size(); ++r)
    if (runs[r].step <= 1.5 * step) counts.push_back(static_cast<double>(runs[r].count));
  const double usual = counts.empty() ? 0 : median(counts);
  for (const Run* end : {&runs.front(), &runs.back()})
    if (static_cast<double>(end->count) >= usual) counts.push_back(static_cast<double>(end->count));
  if (counts.size() < 3) return *std::ranges::max_element(counts) / step;
  const double seconds = static_cast<double>(counts.size()) * step;
  const double rate = std::accumulate(counts.begin(), counts.end(), 0.0) / seconds;
  return std::abs(rate - std::round(rate)) <= 1.01 / seconds ? std::max(std::round(rate), 1 / step) : rate;
}

/// As a clock of that rate has them, if every run is where the coarse clock says.
std::optional<std::vector<double>> even_times(const std::vector<Run>& runs, std::size_t readings, double rate_hz) {
  const Run& anchor = runs[1];  // the first whose beginning is known
  std::vector<double> times(readings);
  for (std::size_t i = 0; i < readings; ++i)
    times[i] = anchor.time + (static_cast<double>(i) - static_cast<double>(anchor.first)) / rate_hz;
  for (const Run& run : runs) {
    const bool begins = &run == &runs.front() || std::abs(times[run.first] - run.time) <= 0.1 * run.step + 2 / rate_hz;
    if (!begins) return std::nullopt;
  }
  return times;
}

/// Each run by itself: from its time on, and the first until the second begins.
std::vector<double> times_by_run(const std::vector<Run>& runs, double rate_hz) {
  std::vector<double> times;
  for (const Run& run : runs) {
    const double spacing = std::min(1 / rate_hz, std::min(run.step, runs.back().step) / static_cast<double>(run.count));
    const double start = &run == &runs.front() ? runs[1].time - spacing * static_cast<double>(run.count) : run.time;
    for (std::size_t i = 0; i < run.count; ++i) times.push_back(start + spacing * static_cast<double>(i));
  }
  return times;
}

/// One reading a time: the mean of those that share it.
TimedReadings without_repeats(TimedReadings timed) {
  const std::size_t axes = timed.axes.size();
  std::vector<std::size_t> kept;
  for (std::size_t first = 0, next; first < timed.times_s.size(); first = next) {
    for (next = first + 1; next < timed.times_s.size() && timed.times_s[next] == timed.times_s[first];) ++next;
    for (std::size_t a = 0; a < axes; ++a) {
      double sum = 0;
      for (std::size_t i = first; i < next; ++i) sum += timed.values[i * axes + a];
      timed.values[first * axes + a] = static_cast<float>(sum / static_cast<double>(next - first));
    }
    kept.push_back(first);
  }
  return chosen(std::move(timed), kept);
}

TimedReadings repeats_resolved(TimedReadings timed) {
  const std::vector<Run> runs = runs_of(timed.times_s);
  const std::size_t repeated = timed.times_s.size() - runs.size();
  if (repeated == 0) return timed;
  if (runs.size() == 1)
    refuse(timed, 0, "every reading has the same time", "leave the column of times out, and say the rate");
  if (is_coarse(runs)) {
    const double rate_hz = rate_of(runs);
    timed.times_s = even_times(runs, timed.times_s.size(), rate_hz).value_or(times_by_run(runs, rate_hz));
    timed.notes.push_back(
        fmt::format("the times are coarser than the readings, which are spread evenly between them, {:.4g} a second; "
                    "give finer times, or none and the rate, if that is wrong",
                    rate_hz));
    return timed;
  }
  timed.notes.push_back(fmt::format("{} reading(s) repeat the time before; such readings are averaged", repeated));
  return without_repeats(std::move(timed));
}

/// 119.05 becomes 119, 62.5 stays: clocks give whole milliseconds, and sensors whole rates.
double tidy_rate(double rate_hz) {
  const double whole = std::round(rate_hz);
  if (whole >= 1 && std::abs(rate_hz - whole) <= 0.005 * rate_hz) return whole;
  const double step = std::pow(10, std::floor(std::log10(rate_hz)) - 2);  // three digits
  return std::round(rate_hz / step) * step;
}

void note_gaps(TimedReadings& timed, double interval) {
  const std::vector<double> intervals = intervals_of(timed.times_s);
  const auto gaps = std::ranges::count_if(intervals, [&](double s) { return s > gap_intervals * interval; });
  if (gaps == 0) return;
  const auto longest = std::ranges::max_element(intervals);
  timed.notes.push_back(fmt::format(
      "{} gap(s) longer than {:.3g} s, the longest of {:.3g} s at {:.4g} s; straight lines bridge them", gaps,
      gap_intervals * interval, *longest, timed.times_s[static_cast<std::size_t>(longest - intervals.begin())]));
}

/// Hours between two readings would become millions that nobody measured.
void check_length(const TimedReadings& timed, double rate_hz) {
  const double wanted = (timed.times_s.back() - timed.times_s.front()) * rate_hz;
  const double had = static_cast<double>(timed.readings());
  if (wanted > 20 * had + 10000)
    refuse(timed, timed.readings(),
           fmt::format("its times span {:.4g} s, which at {:g} Hz were {:.3g} readings, but it has {}",
                       timed.times_s.back() - timed.times_s.front(), rate_hz, wanted, timed.readings()),
           "check the unit of its times, or cut it into parts at its gaps");
}

/// Is each reading within a quarter of an interval of where a clock of this rate has it? Then values stay as they are.
bool is_even(const std::vector<double>& times, double rate_hz) {
  for (std::size_t i = 0; i < times.size(); ++i)
    if (std::abs((times[i] - times[0]) * rate_hz - static_cast<double>(i)) > 0.25) return false;
  return true;
}

/// Straight lines through the values of one axis at increasing times, with what lies under them.
class Polyline {
 public:
  Polyline(const std::vector<double>& times, const std::vector<float>& values, std::size_t axes, std::size_t axis)
      : times_(times) {
    for (std::size_t i = 0; i < times.size(); ++i) heights_.push_back(values[i * axes + axis]);
  }

  double at(double time) const {
    if (time <= times_.front()) return heights_.front();
    if (time >= times_.back()) return heights_.back();
    const std::size_t i = before(time);
    const double part = (time - times_[i]) / (times_[i + 1] - times_[i]);
    return heights_[i] + part * (heights_[i + 1] - heights_[i]);
  }

  /// The mean between two times, of which those outside the recording count no more than its ends.
  double mean(double from, double to) const {
    from = std::max(from, times_.front()), to = std::min(to, times_.back());
    return to > from ? area_between(from, to) / (to - from) : at(from);
  }

 private:
  std::size_t before(double time) const {
    return static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), time) - times_.begin()) - 1;
  }
  /// Line by line: sums from the beginning on would carry one huge reading into all that comes after it.
  double area_between(double from, double to) const {
    double area = 0;
    for (std::size_t i = before(from); i + 1 < times_.size() && times_[i] < to; ++i) {
      const double left = std::max(from, times_[i]), right = std::min(to, times_[i + 1]);
      if (right > left) area += (right - left) * (at(left) + at(right)) / 2;
    }
    return area;
  }

  const std::vector<double>& times_;
  std::vector<double> heights_;
};

/// Values at 0, 1/rate, 2/rate, ... after the first time. Going well down in rate, means: what lies above half of the
/// new rate would otherwise come back as a movement that was not there (aliasing).
std::vector<float> interpolated(const std::vector<double>& times, const std::vector<float>& values, std::size_t axes,
                                double rate_hz) {
  const auto count = static_cast<std::size_t>(std::floor((times.back() - times.front()) * rate_hz + 1e-6)) + 1;
  const bool averages = rate_hz * median(intervals_of(times)) < 0.75;
  std::vector<float> out(count * axes);
  for (std::size_t a = 0; a < axes; ++a) {
    const Polyline line(times, values, axes, a);
    for (std::size_t i = 0; i < count; ++i) {
      const double time = times.front() + static_cast<double>(i) / rate_hz;
      const double half = 0.5 / rate_hz;
      out[i * axes + a] = static_cast<float>(averages ? line.mean(time - half, time + half) : line.at(time));
    }
  }
  return out;
}

/// When each reading was, from the first one on.
std::vector<double> times_from_zero(const TimedReadings& timed, double rate_hz) {
  std::vector<double> times(timed.readings());
  for (std::size_t i = 0; i < times.size(); ++i)
    times[i] = timed.times_s.empty() ? static_cast<double>(i) / rate_hz : timed.times_s[i] - timed.times_s[0];
  return times;
}

/// Neighbours of one label become a range, until the first reading after it.
std::vector<MotionRange> ranges_of(const TimedReadings& timed, double rate_hz) {
  const std::vector<double> times = times_from_zero(timed, rate_hz);
  std::vector<MotionRange> ranges;
  for (std::size_t first = 0, next; first < timed.label_of.size(); first = next) {
    for (next = first + 1; next < timed.label_of.size() && timed.label_of[next] == timed.label_of[first];) ++next;
    const double end = next < times.size() ? times[next] : times.back() + 1 / rate_hz;
    if (timed.label_of[first] >= 0)
      ranges.push_back({.first_s = times[first], .last_s = end, .label = timed.labels[timed.label_of[first]]});
  }
  return ranges;
}

MotionRecording recording_of(TimedReadings timed, double rate_hz) {
  check_rate(timed, rate_hz);
  MotionRecording recording{.source = timed.source, .rate_hz = rate_hz, .recorded_hz = rate_hz};
  recording.labelled = ranges_of(timed, rate_hz);
  recording.axes = std::move(timed.axes);
  recording.units = std::move(timed.units);
  recording.values = std::move(timed.values);
  recording.notes = std::move(timed.notes);
  recording.left_out = std::move(timed.left_out);
  return recording;
}

TimedReadings with_clean_times(TimedReadings timed) {
  timed = repeats_resolved(in_order(std::move(timed)));
  if (timed.readings() < 2)
    refuse(timed, 0, "it has a single reading, which says nothing of its rate", "record for longer");
  return timed;
}

}  // namespace

static MotionRecording without_times(TimedReadings timed, double rate_hz) {
  if (rate_hz <= 0)
    refuse(
        timed, timed.readings(),
        fmt::format("it has no column of times, and no rate was given; its axes are {}", fmt::join(timed.axes, ", ")),
        "say at how many Hz it was recorded (--rate HZ of `dragonet new`, rate_hz in dragonet.toml), or add a column "
        "t_ms");
  return recording_of(std::move(timed), rate_hz);
}

MotionRecording evenly_spaced(TimedReadings timed, double rate_hz) {
  if (timed.readings() == 0) refuse(timed, 0, "it has no readings", "record for longer, or remove the file");
  if (timed.times_s.empty()) return without_times(std::move(timed), rate_hz);
  timed = with_clean_times(std::move(timed));
  const double interval = median(intervals_of(timed.times_s));
  const double native_hz = tidy_rate(1 / interval);
  const double wanted_hz = rate_hz > 0 ? rate_hz : native_hz;
  check_rate(timed, wanted_hz);
  note_gaps(timed, interval);
  if (is_even(timed.times_s, wanted_hz)) return recording_of(std::move(timed), wanted_hz);

  check_length(timed, wanted_hz);
  timed.notes.push_back(
      fmt::format("resampled to {:g} Hz; its times are {:.3g} ms apart in the median", wanted_hz, interval * 1e3));
  std::vector<float> values = interpolated(timed.times_s, timed.values, timed.axes.size(), wanted_hz);
  MotionRecording recording = recording_of(std::move(timed), wanted_hz);
  recording.values = std::move(values);
  recording.recorded_hz = native_hz;
  return recording;
}

MotionRecording part_of(const MotionRecording& recording, double first_s, double last_s) {
  if (first_s == 0 && last_s == 0) return recording;
  const auto readings = static_cast<double>(recording.readings());
  const double first = std::clamp(std::round(first_s * recording.rate_hz), 0.0, readings - 1);
  const double last = std::clamp(std::round(last_s * recording.rate_hz), first + 1, readings);
  const auto at = [&](double reading) {
    return recording.values.begin() + static_cast<std::ptrdiff_t>(reading) * std::ssize(recording.axes);
  };
  MotionRecording part = recording;
  part.values.assign(at(first), at(last));
  part.labelled.clear();
  return part;
}

MotionRecording at_rate(MotionRecording recording, double rate_hz) {
  if (recording.rate_hz == rate_hz || recording.readings() < 2) return recording;
  std::vector<double> times(recording.readings());
  for (std::size_t i = 0; i < times.size(); ++i) times[i] = static_cast<double>(i) / recording.rate_hz;
  recording.values = interpolated(times, recording.values, recording.axes.size(), rate_hz);
  recording.notes.push_back(fmt::format("resampled from {:g} Hz to {:g} Hz", recording.rate_hz, rate_hz));
  recording.rate_hz = rate_hz;
  return recording;
}

}  // namespace dragonet
