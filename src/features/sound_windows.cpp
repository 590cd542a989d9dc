#include "features/sound_windows.h"

#include <algorithm>
#include <cmath>

#include "features/sound_features.h"

namespace dragonet {

using Samples16 = std::vector<std::int16_t>;

/// Where a window of `length` holds most energy.
static std::size_t loudest(std::span<const std::int16_t> samples, std::size_t length) {
  double sum = 0, most = -1;
  std::size_t best = 0;
  for (std::size_t end = 0; end < samples.size(); ++end) {
    sum += double(samples[end]) * samples[end];
    if (end >= length) sum -= double(samples[end - length]) * samples[end - length];
    if (end + 1 >= length && sum > most) most = sum, best = end + 1 - length;
  }
  return best;
}

static Samples16 in_silence(std::span<const std::int16_t> samples, std::size_t length) {
  Samples16 window(length, 0);
  std::ranges::copy(samples, window.begin() + static_cast<std::ptrdiff_t>((length - samples.size()) / 2));
  return window;
}

std::vector<Samples16> sound_windows(std::span<const std::int16_t> samples, const SoundFeatureSettings& settings) {
  const auto length = static_cast<std::size_t>(settings.window_samples);
  const auto stride = static_cast<std::size_t>(settings.stride_samples);
  if (samples.size() <= length) return {in_silence(samples, length)};
  const auto window = [&](std::size_t first) {
    const auto part = samples.subspan(first, length);
    return Samples16(part.begin(), part.end());
  };
  if (stride == 0) return {window(loudest(samples, length))};
  std::vector<Samples16> windows;
  for (std::size_t first = 0; first + length < samples.size(); first += stride) windows.push_back(window(first));
  windows.push_back(window(samples.size() - length));
  return windows;
}

static double seconds_of(const Sound& sound) { return static_cast<double>(sound.samples.size()) / sound.rate_hz; }

/// Of all examples but the longest twentieth.
static double usual_seconds(const std::vector<Sound>& examples) {
  std::vector<double> seconds;
  for (const Sound& sound : examples) seconds.push_back(seconds_of(sound));
  if (seconds.empty()) return 1;
  std::ranges::sort(seconds);
  return seconds[(seconds.size() - 1) * 95 / 100];
}

/// The levels, in dB, between which all but the quietest hundredth and the loudest thousandth of the values lie.
static void measure_levels(const std::vector<Sound>& examples, SoundFeatureSettings& settings) {
  SoundFeatureSettings wide = settings;
  wide.low_db = -110, wide.high_db = 10;
  std::vector<std::int8_t> all;
  for (const Sound& sound : examples) {
    const Samples16 samples = int16_samples(resampled(sound, settings.sample_rate_hz).samples);
    for (const Samples16& window : sound_windows(samples, wide)) {
      const std::vector<std::int8_t> features = sound_features(window, wide);
      std::ranges::copy_if(features, std::back_inserter(all), [](std::int8_t q) { return q > -128; });
    }
  }
  if (all.empty()) return;
  std::ranges::sort(all);
  const auto level = [&](std::size_t share) {
    const double q = all[(all.size() - 1) * share / 1000];
    return std::round(wide.low_db + (q + 128) / 255 * (wide.high_db - wide.low_db));
  };
  settings.low_db = level(10);
  settings.high_db = std::max(level(999), settings.low_db + 20);
}

/// Frames of 32 ms every 20 ms, or twice as long every 50 where a window would hold hundreds of them: rows cost RAM.
static void choose_frames(SoundFeatureSettings& settings, double seconds) {
  const bool is_long = seconds > 2.5;
  const int rate = settings.sample_rate_hz;
  settings.window_samples = static_cast<int>(std::lround(seconds * 10) * rate / 10);
  settings.frame_samples = rate * (is_long ? 64 : 32) / 1000;
  settings.hop_samples = rate * (is_long ? 50 : 20) / 1000;
}

SoundFeatureSettings default_sound_features(const std::vector<Sound>& examples) {
  int highest = 0;
  for (const Sound& sound : examples) highest = std::max(highest, sound.rate_hz);
  SoundFeatureSettings settings{.sample_rate_hz = highest == 0 || highest >= 16000 ? 16000 : 8000};
  settings.high_hz = settings.sample_rate_hz * 19 / 40;
  const double seconds = usual_seconds(examples);
  const bool is_a_stream = seconds > 10;  // a part of it says what it is
  choose_frames(settings, is_a_stream ? 1 : std::clamp(seconds, 0.5, 5.0));
  if (is_a_stream) settings.stride_samples = settings.window_samples;
  measure_levels(examples, settings);
  return settings;
}

}  // namespace dragonet
