// From recordings, in their own units, to what a sensor gives the chip.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "base/error.h"
#include "features/motion_features.h"
#include "features/motion_rows.h"

namespace dragonet {
namespace {

[[noreturn]] void refuse(const MotionRecording& recording, std::string what, std::string next) {
  throw Error(Problem{recording.source, std::move(what), std::move(next)});
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string in_question(const std::string& name) { return name.empty() ? "" : " (" + name + "?)"; }

/// Where the recording has the settings' axis.
std::size_t place_of(const MotionRecording& recording, const MotionFeatureSettings& settings, std::size_t axis) {
  const std::string& name = settings.axes[axis];
  const auto found = std::ranges::find(recording.axes, name);
  if (found == recording.axes.end())
    refuse(recording, fmt::format("it has no axis {}: its columns are {}", name, joined(recording.axes)),
           fmt::format("rename a column{}, or remove the recording", in_question(nearest(name, recording.axes))));
  const auto place = static_cast<std::size_t>(found - recording.axes.begin());
  const std::string unit = axis < settings.units.size() ? settings.units[axis] : "", own = recording.units[place];
  if (!unit.empty() && !own.empty() && unit != own)
    refuse(recording, fmt::format("its axis {} is in {}, and others are in {}", name, own, unit),
           "convert it to the unit of the others");
  return place;
}

std::int16_t int16_of(double share_of_full_scale) {
  return static_cast<std::int16_t>(std::clamp(std::round(share_of_full_scale * 32768), -32768.0, 32767.0));
}

double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + std::ssize(numbers) / 2;
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

/// 1, 1.5, 2, 3, 4, 5 or 8 times a power of ten, a fifth above `largest` at least: others may move more.
double tidy_full_scale(double largest) {
  if (!(largest > 0)) return 1;
  const double wanted = 1.2 * largest, power = std::pow(10, std::floor(std::log10(wanted)));
  for (const double digits : {1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 8.0})
    if (digits * power >= wanted * (1 - 1e-9)) return digits * power;
  return 10 * power;
}

/// Axes that share a full scale, so that directions keep their meaning: those of a unit, or where none is known, those
/// whose names differ in a last x, y, z or number: accX and accY.
std::string family_of(const std::string& axis, const std::string& unit) {
  if (!unit.empty()) return "unit " + unit;
  const std::size_t last = axis.find_last_not_of("xyzXYZ0123456789");
  return axis.substr(0, last == axis.npos ? 0 : last + 1);
}

constexpr double beyond_all = 50;        // times the next largest reading: a sensor that fails, not a harder blow
constexpr double largest_reading = 5e8;  // full_scale goes to 1e9

/// Without the few that lie far beyond all others: one reading of 1e38 would make all the rest 0.
double largest_usual(std::vector<float> sizes) {
  std::erase_if(sizes, [](float size) { return !(size <= largest_reading) || size == 0; });
  if (sizes.empty()) return 0;
  std::ranges::sort(sizes);
  const std::size_t few = sizes.size() < 20 ? 0 : std::max<std::size_t>(3, sizes.size() / 1000);
  for (std::size_t i = sizes.size() - few; i < sizes.size(); ++i)
    if (sizes[i] > beyond_all * sizes[i - 1]) return sizes[i - 1];
  return sizes.back();
}

std::vector<double> full_scales(std::span<const MotionRecording> examples) {
  const MotionRecording& first = examples.front();
  const std::size_t axes = first.axes.size();
  std::map<std::string, std::vector<float>> sizes;
  for (const MotionRecording& example : examples)
    for (std::size_t i = 0; i < example.values.size(); ++i)
      sizes[family_of(first.axes[i % axes], first.units[i % axes])].push_back(std::abs(example.values[i]));
  std::vector<double> scales;
  for (std::size_t a = 0; a < axes; ++a)
    scales.push_back(tidy_full_scale(largest_usual(sizes[family_of(first.axes[a], first.units[a])])));
  return scales;
}

/// The whole number that a column is throughout; none: it changes.
std::optional<float> constant_number(const MotionRecording& recording, std::size_t axis) {
  const std::size_t axes = recording.axes.size();
  const float first = recording.values[axis];
  for (std::size_t i = axis; i < recording.values.size(); i += axes)
    if (recording.values[i] != first) return std::nullopt;
  return first == std::floor(first) ? std::optional(first) : std::nullopt;
}

/// Constant in each recording, and not the same in all: no movement, but who or what was recorded.
bool numbers_recordings(std::span<const MotionRecording> examples, std::size_t axis) {
  std::set<float> numbers;
  for (const MotionRecording& example : examples) {
    const std::optional<float> number = constant_number(example, axis);
    if (!number || example.readings() < 2) return false;
    numbers.insert(*number);
  }
  return numbers.size() > 1;
}

/// Which axes of the examples are axes.
std::vector<std::size_t> true_axes(std::span<const MotionRecording> examples) {
  std::vector<std::size_t> kept;
  for (std::size_t a = 0; a < examples.front().axes.size(); ++a)
    if (!numbers_recordings(examples, a)) kept.push_back(a);
  if (kept.empty())
    for (std::size_t a = 0; a < examples.front().axes.size(); ++a) kept.push_back(a);
  return kept;
}

template <typename T>
std::vector<T> chosen(const std::vector<T>& list, const std::vector<std::size_t>& places) {
  std::vector<T> out;
  for (const std::size_t place : places) out.push_back(list[place]);
  return out;
}

void check_alike(std::span<const MotionRecording> examples) {
  if (examples.empty()) throw Error(Problem{"motion features", "there is no example to look at", "add recordings"});
  const MotionRecording& first = examples.front();
  for (const MotionRecording& other : examples) {
    if (other.axes != first.axes)
      refuse(
          other,
          fmt::format("its axes are {}, and those of {} are {}", joined(other.axes), first.source, joined(first.axes)),
          "give all recordings the same columns");
    if (other.units != first.units)
      refuse(other,
             fmt::format("its units are {}, and those of {} are {}", joined(other.units), first.source,
                         joined(first.units)),
             "convert them");
  }
}

}  // namespace

MotionReadings motion_readings(const MotionRecording& recording, const MotionFeatureSettings& settings) {
  std::vector<std::size_t> places;
  for (std::size_t a = 0; a < settings.axes.size(); ++a) places.push_back(place_of(recording, settings, a));
  const MotionRecording even = at_rate(recording, settings.rate_hz);
  MotionReadings readings;
  readings.reserve(even.readings() * places.size());
  for (std::size_t i = 0; i < even.readings(); ++i)
    for (std::size_t a = 0; a < places.size(); ++a)
      readings.push_back(int16_of(even.values[i * even.axes.size() + places[a]] / settings.full_scale[a]));
  return readings;
}

static std::optional<std::string> note_beyond(const MotionRecording& recording, const MotionFeatureSettings& settings,
                                              std::size_t axis) {
  const auto place = std::ranges::find(recording.axes, settings.axes[axis]) - recording.axes.begin();
  double largest = 0;
  for (auto i = static_cast<std::size_t>(place); i < recording.values.size(); i += recording.axes.size())
    largest = std::max(largest, std::abs(double(recording.values[i])));
  if (largest <= settings.full_scale[axis]) return std::nullopt;
  const std::string size =
      largest > 10 * settings.full_scale[axis] ? fmt::format(", the largest of {:g},", largest) : "";
  return fmt::format(
      "readings of {} beyond its full_scale{} are cut to it; correct them, or raise full_scale in "
      "dragonet.toml",
      settings.axes[axis], size);
}

std::vector<std::string> motion_notes(const MotionRecording& recording, const MotionFeatureSettings& settings) {
  std::vector<std::string> notes;
  for (const std::string& axis : recording.axes)
    if (std::ranges::count(settings.axes, axis) == 0)
      notes.push_back(fmt::format("column {} is left out: it is none of `axes` in dragonet.toml", axis));
  for (std::size_t a = 0; a < settings.axes.size(); ++a)
    if (std::ranges::count(recording.axes, settings.axes[a]) > 0)
      if (const auto note = note_beyond(recording, settings, a)) notes.push_back(*note);
  return notes;
}

MotionFeatureSettings default_motion_features(std::span<const MotionRecording> examples) {
  check_alike(examples);
  std::vector<double> rates, lengths;
  for (const MotionRecording& example : examples) {
    rates.push_back(example.rate_hz);
    lengths.push_back(example.seconds());
  }
  const std::vector<std::size_t> axes = true_axes(examples);
  MotionFeatureSettings settings{.rate_hz = median(rates), .axes = chosen(examples.front().axes, axes)};
  settings.units = chosen(examples.front().units, axes);
  settings.full_scale = chosen(full_scales(examples), axes);
  const double window = std::round(std::clamp(median(lengths), 0.5, 2.0) * settings.rate_hz);
  settings.window_samples = static_cast<int>(std::clamp<double>(window, 2, motion_window_max));
  return settings;
}

}  // namespace dragonet
