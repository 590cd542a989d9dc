#include <set>

#include "data/motion.h"
#include "features/motion_features.h"
#include "project/drawn_sample.h"
#include "project/kinds.h"

namespace dragonet {

static const MotionFeatureSettings& motion_of(const FeatureSettings& settings) {
  return std::get<MotionFeatureSettings>(settings);
}

/// What most sensors give, for a project that has no recordings yet: dragonet.toml says it, and there it can be
/// changed.
static MotionFeatureSettings usual_features(double rate_hz) {
  return {.rate_hz = rate_hz > 0 ? rate_hz : 100,
          .axes = {"ax", "ay", "az"},
          .full_scale = {4, 4, 4},
          .window_samples = 100};
}

static std::vector<MotionRecording> examples_of(const Dataset& dataset, const MotionReadOptions& options) {
  return some_examples(dataset, 100, [&](const Sample& sample) {
    return part_of(read_motion(dataset.folder / sample.path, options), sample.first_s, sample.last_s);
  });
}

/// A column that looks like a clock in some recordings is an axis if it is one in others.
static std::vector<std::string> doubtful_axes(const std::vector<MotionRecording>& examples) {
  std::set<std::string> axes, doubtful;
  for (const MotionRecording& example : examples) axes.insert(example.axes.begin(), example.axes.end());
  for (const MotionRecording& example : examples)
    for (const std::string& name : example.left_out)
      if (axes.contains(name)) doubtful.insert(name);
  return {doubtful.begin(), doubtful.end()};
}

static FeatureSettings features_for(const Dataset& dataset, double rate_hz) {
  if (dataset.samples.empty()) return usual_features(rate_hz);
  std::vector<MotionRecording> examples = examples_of(dataset, {.rate_hz = rate_hz});
  const std::vector<std::string> axes = doubtful_axes(examples);
  if (!axes.empty()) examples = examples_of(dataset, {.rate_hz = rate_hz, .axes = axes});
  return default_motion_features(examples);
}

/// Strengths of frequencies are no readings: nothing is known that could change them.
static void fit(const FeatureSettings& features, Augmentation& augmentation) {
  if (motion_of(features).kind == MotionFeatureSettings::spectral)
    augmentation = MotionAugmentation{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
}

static void keep_numbers(Augmentation& augmentation) {
  auto& motion = std::get<MotionAugmentation>(augmentation);
  motion.stretch = motion.gain = 0;
}

static MotionRecording recording(const fs::path& path, const Sample& sample, const MotionFeatureSettings& motion) {
  const MotionRecording all = read_motion(path, {.rate_hz = motion.rate_hz, .axes = motion.axes});
  return part_of(all, sample.first_s, sample.last_s);
}

static RawSample raw(const fs::path& path, const Sample& sample, const Bytes&, const FeatureSettings& settings) {
  const MotionFeatureSettings& motion = motion_of(settings);
  const MotionRecording part = recording(path, sample, motion);
  RawSample raw{.windows = {}, .notes = part.notes, .recorded_hz = part.recorded_hz};
  const std::vector<std::string> notes = motion_notes(part, motion);
  raw.notes.insert(raw.notes.end(), notes.begin(), notes.end());
  for (MotionReadings& window : motion_windows(motion_readings(part, motion), motion))
    raw.windows.emplace_back(Readings{.axes = static_cast<int>(motion.axes.size()), .values = std::move(window)});
  return raw;
}

static Readings whole(const fs::path& path, const FeatureSettings& settings) {
  const MotionFeatureSettings& motion = motion_of(settings);
  return {.axes = static_cast<int>(motion.axes.size()), .values = motion_readings(recording(path, {}, motion), motion)};
}

/// Values of every axis: readings over time, or the strengths of its bands over frequency.
static std::vector<std::vector<double>> curves_of(std::span<const std::int8_t> features,
                                                  const MotionFeatureSettings& motion) {
  const std::size_t axes = motion.axes.size(), columns = static_cast<std::size_t>(motion.columns());
  const bool is_raw = motion.kind == MotionFeatureSettings::raw;
  const std::size_t steps = static_cast<std::size_t>(is_raw ? motion.rows() : motion.bands), an_axis = columns / axes;
  std::vector<std::vector<double>> curves(axes);
  for (std::size_t axis = 0; axis < axes; ++axis)
    for (std::size_t i = 0; i < steps; ++i)
      curves[axis].push_back(features[is_raw ? i * columns + axis : axis * an_axis + 1 + i] / 128.0);
  return curves;
}

static Bytes picture(const fs::path&, std::span<const std::int8_t> features, const FeatureSettings& settings) {
  const MotionFeatureSettings& motion = motion_of(settings);
  return drawn_curves(motion.axes, curves_of(features, motion));
}

extern const Kind motion_kind;
const Kind motion_kind{.name = MotionFeatureSettings::name,
                       .files = "recordings (CSV, TSV, JSON, CBOR)",
                       .settings = MotionFeatureSettings{},
                       .augmentation = MotionAugmentation{},
                       .listens = true,
                       .takes_rate = true,
                       .default_features = features_for,
                       .default_network = default_motion_network,
                       .default_statistics = default_sequence_statistics,
                       .default_training = nullptr,
                       .fit = fit,
                       .keep_numbers = keep_numbers,
                       .raw_sample = raw,
                       .whole_recording = whole,
                       .picture = picture};

}  // namespace dragonet
