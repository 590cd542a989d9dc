#include "features/settings.h"

namespace dragonet {

static FeatureShape shape(const std::monostate&) { return {}; }
static FeatureShape shape(const ImageFeatureSettings& image) { return {image.height, image.width, image.channels}; }
static FeatureShape shape(const SoundFeatureSettings& sound) { return {sound.rows(), sound.columns(), 1}; }
static FeatureShape shape(const MotionFeatureSettings& motion) { return {motion.rows(), 1, motion.columns()}; }

FeatureShape shape_of(const FeatureSettings& settings) {
  return std::visit([](const auto& of_kind) { return shape(of_kind); }, settings);
}

FeatureScale scale_of(const FeatureSettings& settings) {
  if (std::holds_alternative<MotionFeatureSettings>(settings)) return {.zero_point = 0, .steps = 128};
  return {};
}

double rate_of(const FeatureSettings& settings) {
  if (const auto* sound = std::get_if<SoundFeatureSettings>(&settings)) return sound->sample_rate_hz;
  if (const auto* motion = std::get_if<MotionFeatureSettings>(&settings)) return motion->rate_hz;
  return 0;
}

std::size_t window_values(const FeatureSettings& settings) {
  if (const auto* sound = std::get_if<SoundFeatureSettings>(&settings))
    return static_cast<std::size_t>(sound->window_samples);
  if (const auto* motion = std::get_if<MotionFeatureSettings>(&settings))
    return motion->axes.size() * static_cast<std::size_t>(motion->window_samples);
  return 0;
}

int readings_a_row(const FeatureSettings& settings) {
  if (const auto* sound = std::get_if<SoundFeatureSettings>(&settings)) return sound->hop_samples;
  if (const auto* motion = std::get_if<MotionFeatureSettings>(&settings))
    return motion->kind == MotionFeatureSettings::spectral ? motion->stride() : 1;
  return 0;
}

const char* kind_of(const FeatureSettings& settings) {
  static constexpr const char* kinds[] = {"", "image", "sound", "motion"};
  return kinds[settings.index()];
}

}  // namespace dragonet
