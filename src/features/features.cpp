#include "features/features.h"

#include "features/image_features.h"
#include "features/motion_features.h"
#include "features/sound_features.h"

namespace dragonet {

static std::vector<std::int8_t> features(const Raw&, const std::monostate&) { return {}; }
static std::vector<std::int8_t> features(const Raw& raw, const ImageFeatureSettings& image) {
  return image_features(std::get<Image>(raw), image);
}
static std::vector<std::int8_t> features(const Raw& raw, const SoundFeatureSettings& sound) {
  return sound_features(std::get<Readings>(raw).values, sound);
}
static std::vector<std::int8_t> features(const Raw& raw, const MotionFeatureSettings& motion) {
  return motion_features(std::get<Readings>(raw).values, motion);
}

std::vector<std::int8_t> features_of(const Raw& raw, const FeatureSettings& settings) {
  return std::visit([&](const auto& of_kind) { return features(raw, of_kind); }, settings);
}

std::vector<std::int8_t> listened_features(const Readings& readings, const FeatureSettings& settings) {
  if (const auto* sound = std::get_if<SoundFeatureSettings>(&settings)) return sound_features(readings.values, *sound);
  if (const auto* motion = std::get_if<MotionFeatureSettings>(&settings)) return motion_rows(readings.values, *motion);
  return {};
}

}  // namespace dragonet
