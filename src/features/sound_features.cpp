#include "features/sound_features.h"

#include <cassert>

#include "features/sound_tables.h"

namespace dragonet {
namespace {

/// A SoundState and its memory.
struct SoundMemory {
  explicit SoundMemory(const SoundBuffers& sizes)
      : history(sizes.history), spectrum(sizes.spectrum), levels(sizes.levels), smoothed(sizes.smoothed) {}
  std::vector<std::int16_t> history;
  std::vector<Complex> spectrum;
  std::vector<std::uint32_t> levels;
  std::vector<std::uint64_t> smoothed;
  SoundState state() { return {history.data(), spectrum.data(), levels.data(), smoothed.data(), 0, true}; }
};

template <SoundKind kind>
std::vector<std::int8_t> feed_all(std::span<const std::int16_t> samples, const SoundTables& tables, SoundState state) {
  std::vector<std::int8_t> features, row(tables.columns);
  begin_sound(tables, state);
  for (const std::int16_t sample : samples)
    if (feed_sound<kind>(tables, state, sample, row.data())) features.insert(features.end(), row.begin(), row.end());
  return features;
}

}  // namespace

std::vector<std::int8_t> sound_features(std::span<const std::int16_t> samples, const SoundFeatureSettings& settings) {
  assert(problems_of(settings).empty());
  assert(samples.size() >= static_cast<std::size_t>(settings.window_samples));
  const SoundNumbers numbers = sound_numbers(settings);
  const SoundTables tables = tables_of(numbers);
  SoundMemory memory(sound_buffers(settings));
  switch (settings.kind) {
    case SoundFeatureSettings::log_mel:
      return feed_all<sound_log_mel>(samples, tables, memory.state());
    case SoundFeatureSettings::mfcc:
      return feed_all<sound_mfcc>(samples, tables, memory.state());
    case SoundFeatureSettings::pcen:
      return feed_all<sound_pcen>(samples, tables, memory.state());
  }
  return {};
}

std::vector<std::int8_t> features_of(const Raw& raw, const SoundFeatureSettings& sound) {
  return sound_features(std::get<Readings>(raw).values, sound);
}

std::vector<std::int8_t> listened_features(const Readings& readings, const SoundFeatureSettings& sound) {
  return sound_features(readings.values, sound);
}

}  // namespace dragonet
