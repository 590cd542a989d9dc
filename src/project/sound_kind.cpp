#include <algorithm>

#include "data/sound.h"
#include "features/sound_windows.h"
#include "project/kinds.h"

namespace dragonet {

static const SoundFeatureSettings& sound_of(const FeatureSettings& settings) {
  return std::get<SoundFeatureSettings>(settings);
}

/// The beginning of a long one says as much of it, and a hundred whole ones may fill the memory.
static Sound beginning_of(Sound sound) {
  constexpr std::size_t seconds = 20;
  sound.samples.resize(std::min(sound.samples.size(), seconds * sound.rate_hz));
  sound.samples.shrink_to_fit();
  return sound;
}

static FeatureSettings features_for(const Dataset& dataset, double) {
  return default_sound_features(some_examples(
      dataset, 100, [&](const Sample& sample) { return beginning_of(read_sound(dataset.folder / sample.path)); }));
}

/// Sounds are changed so much in every epoch that smaller steps and more of them pay: with 60 epochs of batches of 64,
/// spoken commands were known to 72 %, with these to 84 % (docs/results.md).
static void training(TrainSettings& settings) { settings.epochs = 150, settings.patience = 80, settings.batch = 32; }

/// Augmentation knows the levels that features stand for, and leaves alone what is no level of a band.
static void fit(const FeatureSettings& features, Augmentation& augmentation) {
  auto& sound = std::get<SoundAugmentation>(augmentation);
  sound.low_db = sound_of(features).low_db, sound.high_db = sound_of(features).high_db;
  if (sound_of(features).kind != SoundFeatureSettings::log_mel) sound.gain_db = sound.noise = 0;
}

static void keep_numbers(Augmentation& augmentation) {
  auto& sound = std::get<SoundAugmentation>(augmentation);
  sound.gain_db = sound.mask_frames = sound.mask_bands = 0;
}

static Readings mono(std::vector<std::int16_t> samples) { return {.axes = 1, .values = std::move(samples)}; }

static std::vector<std::int16_t> samples_of(const Sound& recorded, const SoundFeatureSettings& sound) {
  return int16_samples(resampled(recorded, sound.sample_rate_hz).samples);
}

/// Every part of a recording of noise is noise.
static SoundFeatureSettings settings_for(const Sample& sample, SoundFeatureSettings sound) {
  if (is_background(sample)) sound.stride_samples = sound.window_samples;
  return sound;
}

static RawSample raw(const fs::path& path, const Sample& sample, const Bytes& file, const FeatureSettings& settings) {
  const SoundFeatureSettings& sound = sound_of(settings);
  const Sound recorded = decode_sound(file, path);
  RawSample raw{.windows = {}, .notes = recorded.notes, .recorded_hz = double(recorded.rate_hz)};
  for (auto& window : sound_windows(samples_of(recorded, sound), settings_for(sample, sound)))
    raw.windows.emplace_back(mono(std::move(window)));
  return raw;
}

static Readings whole(const fs::path& path, const FeatureSettings& settings) {
  return mono(samples_of(read_sound(path), sound_of(settings)));
}

extern const Kind sound_kind;
const Kind sound_kind{.name = SoundFeatureSettings::name,
                      .files = "sounds (WAV, FLAC, OGG)",
                      .settings = SoundFeatureSettings{},
                      .augmentation = SoundAugmentation{},
                      .answers = {.average = 1, .debounce = 1},  // it answers once a window
                      .listens = true,
                      .default_features = features_for,
                      .default_network = default_sound_network,
                      .default_statistics = default_sequence_statistics,
                      .default_training = training,
                      .fit = fit,
                      .keep_numbers = keep_numbers,
                      .raw_sample = raw,
                      .whole_recording = whole,
                      .picture = nullptr};

}  // namespace dragonet
