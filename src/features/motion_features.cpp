#include "features/motion_features.h"

#include <algorithm>
#include <cassert>

#include "features/motion_tables.h"

namespace dragonet {

std::vector<MotionReadings> motion_windows(std::span<const std::int16_t> readings,
                                           const MotionFeatureSettings& settings) {
  const std::size_t axes = settings.axes.size(), window = settings.window_samples * axes;
  assert(!readings.empty() && readings.size() % axes == 0);
  std::vector<MotionReadings> windows;
  for (std::size_t first = 0; first + window <= readings.size(); first += settings.stride() * axes)
    windows.emplace_back(readings.begin() + first, readings.begin() + first + window);
  if (!windows.empty()) return windows;
  MotionReadings padded(readings.begin(), readings.end());
  while (padded.size() < window) padded.push_back(padded[padded.size() - axes]);
  return {padded};
}

std::vector<std::int8_t> motion_rows(std::span<const std::int16_t> readings, const MotionFeatureSettings& settings) {
  const MotionNumbers numbers(settings);
  const std::size_t axes = settings.axes.size();
  std::vector<std::int16_t> history(settings.window_samples * axes);
  std::vector<Complex> spectrum(numbers.tables.fft.points / 2);
  MotionState state{history.data(), spectrum.data(), 0};
  begin_motion(numbers.tables, state);
  std::vector<std::int8_t> features, row(settings.columns());
  for (std::size_t at = 0; at < readings.size(); at += axes)
    if (feed_motion(numbers.tables, state, &readings[at], row.data()))
      features.insert(features.end(), row.begin(), row.end());
  return features;
}

std::vector<std::int8_t> motion_features(std::span<const std::int16_t> window, const MotionFeatureSettings& settings) {
  assert(window.size() == settings.window_samples * settings.axes.size());
  std::vector<std::int8_t> features = motion_rows(window, settings);
  assert(features.size() == std::size_t(settings.rows()) * settings.columns());
  return features;
}

std::vector<std::int8_t> features_of(const Raw& raw, const MotionFeatureSettings& motion) {
  return motion_features(std::get<Readings>(raw).values, motion);
}

std::vector<std::int8_t> listened_features(const Readings& readings, const MotionFeatureSettings& motion) {
  return motion_rows(readings.values, motion);
}

}  // namespace dragonet
