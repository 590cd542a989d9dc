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

const char* kind_of(const FeatureSettings& settings) {
  static constexpr const char* kinds[] = {"", "image", "sound", "motion"};
  return kinds[settings.index()];
}

}  // namespace dragonet
