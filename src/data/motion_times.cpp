// From readings with times to readings at a fixed rate. A chip samples by its timer, evenly; phones and watches do not,
// and what a network learns from their jitter it would miss on the chip.
#include "data/motion_times.h"

#include <fmt/format.h>

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

/// Where many readings share a time, the clock is coarse: they are spread evenly until the next one.
void spread(std::vector<double>& times) {
  const double before = times[0];
  double last_step = 0;
  for (std::size_t first = 0; first < times.size();) {
    std::size_t next = first;
    while (next < times.size() && times[next] == times[first]) ++next;
    if (next < times.size()) last_step = times[next] - times[first];
    const double start = times[first];
    for (std::size_t i = first; i < next; ++i)
      times[i] = start + last_step * static_cast<double>(i - first) / static_cast<double>(next - first);
    first = next;
  }
  assert(times[0] == before);
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
  const std::vector<double> intervals = intervals_of(timed.times_s);
  const auto repeated = static_cast<std::size_t>(std::ranges::count(intervals, 0.0));
  if (repeated == 0) return timed;
  if (repeated == intervals.size())
    refuse(timed, 0, "every reading has the same time", "leave the column of times out, and say the rate");
  if (2 * repeated > intervals.size()) {
    spread(timed.times_s);
    timed.notes.push_back("the times are coarser than the readings, which are spread evenly between them");
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
      : times_(times), areas_{0} {
    for (std::size_t i = 0; i < times.size(); ++i) heights_.push_back(values[i * axes + axis]);
    for (std::size_t i = 1; i < times.size(); ++i)
      areas_.push_back(areas_.back() + (times[i] - times[i - 1]) * (heights_[i - 1] + heights_[i]) / 2);
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
    return to > from ? (area_until(to) - area_until(from)) / (to - from) : at(from);
  }

 private:
  std::size_t before(double time) const {
    return static_cast<std::size_t>(std::upper_bound(times_.begin(), times_.end(), time) - times_.begin()) - 1;
  }
  double area_until(double time) const {
    const std::size_t i = std::min(before(time), times_.size() - 1);
    return areas_[i] + (time - times_[i]) * (heights_[i] + at(time)) / 2;
  }

  const std::vector<double>& times_;
  std::vector<double> heights_, areas_;
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
  MotionRecording recording{.source = timed.source, .rate_hz = rate_hz};
  recording.labelled = ranges_of(timed, rate_hz);
  recording.axes = std::move(timed.axes);
  recording.units = std::move(timed.units);
  recording.values = std::move(timed.values);
  recording.notes = std::move(timed.notes);
  return recording;
}

TimedReadings with_clean_times(TimedReadings timed) {
  timed = repeats_resolved(in_order(std::move(timed)));
  if (timed.readings() < 2)
    refuse(timed, 0, "it has a single reading, which says nothing of its rate", "record for longer");
  return timed;
}

}  // namespace

MotionRecording evenly_spaced(TimedReadings timed, double rate_hz) {
  if (timed.readings() == 0) refuse(timed, 0, "it has no readings", "record for longer, or remove the file");
  if (timed.times_s.empty()) {
    if (rate_hz <= 0)
      refuse(timed, timed.readings(), "it has no column of times, and no rate was given",
             "say at how many Hz it was recorded (rate_hz), or add a column t_ms");
    return recording_of(std::move(timed), rate_hz);
  }
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
