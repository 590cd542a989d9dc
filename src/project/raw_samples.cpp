#include "project/raw_samples.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "data/motion.h"
#include "data/sound.h"
#include "features/image_features.h"
#include "features/motion_features.h"
#include "features/sound_windows.h"

namespace dragonet {

// --- Pictures

static RawSample raw_of(const fs::path& path, const Sample&, const Bytes& file, const ImageFeatureSettings& image) {
  return {.windows = {dragonet::raw_sample(decode_image(file, path), image)}};
}

// --- Sounds

static Readings mono(std::vector<std::int16_t> samples) { return {.axes = 1, .values = std::move(samples)}; }

static std::vector<std::int16_t> samples_of(const Sound& recorded, const SoundFeatureSettings& sound) {
  return int16_samples(resampled(recorded, sound.sample_rate_hz).samples);
}

static Readings whole(const fs::path& path, const SoundFeatureSettings& sound) {
  return mono(samples_of(read_sound(path), sound));
}

/// Every part of a recording of noise is noise.
static SoundFeatureSettings settings_for(const Sample& sample, SoundFeatureSettings sound) {
  if (is_background(sample)) sound.stride_samples = sound.window_samples;
  return sound;
}

static RawSample raw_of(const fs::path& path, const Sample& sample, const Bytes& file,
                        const SoundFeatureSettings& sound) {
  RawSample raw;
  for (auto& window : sound_windows(samples_of(decode_sound(file, path), sound), settings_for(sample, sound)))
    raw.windows.emplace_back(mono(std::move(window)));
  return raw;
}

// --- Movement

static MotionRecording recording(const fs::path& path, const Sample& sample, const MotionFeatureSettings& motion) {
  const MotionRecording all = read_motion(path, {.rate_hz = motion.rate_hz});
  return part_of(all, sample.first_s, sample.last_s);
}

static Readings whole(const fs::path& path, const MotionFeatureSettings& motion) {
  return {.axes = static_cast<int>(motion.axes.size()), .values = motion_readings(recording(path, {}, motion), motion)};
}

static RawSample raw_of(const fs::path& path, const Sample& sample, const Bytes&, const MotionFeatureSettings& motion) {
  const MotionRecording part = recording(path, sample, motion);
  RawSample raw{.windows = {}, .notes = part.notes};
  for (MotionReadings& window : motion_windows(motion_readings(part, motion), motion))
    raw.windows.emplace_back(Readings{.axes = static_cast<int>(motion.axes.size()), .values = std::move(window)});
  return raw;
}

// --- All kinds

static RawSample raw_of(const fs::path&, const Sample&, const Bytes&, const std::monostate&) { return {}; }

RawSample raw_sample(const fs::path& folder, const Sample& sample, const Bytes& file, const FeatureSettings& settings) {
  return std::visit([&](const auto& of_kind) { return raw_of(folder / sample.path, sample, file, of_kind); }, settings);
}

RawSample raw_sample(const fs::path& folder, const Sample& sample, const FeatureSettings& settings) {
  return raw_sample(folder, sample, read_bytes(folder / sample.path), settings);
}

template <typename Settings>
static Readings whole(const fs::path& path, const Settings&) {
  throw Error({path.string(), "only sounds and movement are recordings", "give pictures one by one"});
}

Readings whole_recording(const fs::path& path, const FeatureSettings& settings) {
  return std::visit([&](const auto& of_kind) { return whole(path, of_kind); }, settings);
}

const char* files_of(const std::string& kind) {
  if (kind == "sound") return "sounds (WAV, FLAC, OGG)";
  if (kind == "motion") return "recordings (CSV, TSV, JSON, CBOR)";
  return "pictures (PNG, JPEG, BMP)";
}

/// At most `most` of the dataset's files, spread over all labels, as `read` gives them.
template <typename Read>
static auto some_examples(const Dataset& dataset, std::size_t most, Read read) {
  std::vector<decltype(read(dataset.samples[0]))> examples;
  const std::size_t step = dataset.samples.size() / most + 1;
  for (std::size_t i = 0; i < dataset.samples.size(); i += step) try {
      examples.push_back(read(dataset.samples[i]));
    } catch (const Error&) {
    }
  return examples;
}

/// What most sensors give, for a project that has no recordings yet: dragonet.toml says it, and there it can be
/// changed.
static MotionFeatureSettings usual_motion_features() {
  return {.rate_hz = 100, .axes = {"ax", "ay", "az"}, .full_scale = {4, 4, 4}, .window_samples = 100};
}

FeatureSettings default_features(const std::string& kind, const Dataset& dataset) {
  const auto path_of = [&](const Sample& sample) { return dataset.folder / sample.path; };
  if (kind == "image")
    return default_image_features(
        some_examples(dataset, 24, [&](const Sample& sample) { return shrink_to(read_image(path_of(sample)), 64); }));
  if (kind == "sound")
    return default_sound_features(
        some_examples(dataset, 100, [&](const Sample& sample) { return read_sound(path_of(sample)); }));
  if (kind == "motion") {
    const auto examples = some_examples(dataset, 100, [&](const Sample& sample) {
      return part_of(read_motion(path_of(sample)), sample.first_s, sample.last_s);
    });
    return examples.empty() ? usual_motion_features() : default_motion_features(examples);
  }
  throw Error({"kind " + kind, "this kind is not known", "the kinds that there are: image, sound, motion"});
}

}  // namespace dragonet
