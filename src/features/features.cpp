#include "features/features.h"

namespace dragonet {

static std::vector<std::int8_t> features_of(const Raw&, const std::monostate&) { return {}; }

std::vector<std::int8_t> features_of(const Raw& raw, const FeatureSettings& settings) {
  return std::visit([&](const auto& of_kind) { return features_of(raw, of_kind); }, settings);
}

/// Pictures are not listened to.
static std::vector<std::int8_t> listened_features(const Readings&, const std::monostate&) { return {}; }
static std::vector<std::int8_t> listened_features(const Readings&, const ImageFeatureSettings&) { return {}; }

std::vector<std::int8_t> listened_features(const Readings& readings, const FeatureSettings& settings) {
  return std::visit([&](const auto& of_kind) { return listened_features(readings, of_kind); }, settings);
}

}  // namespace dragonet
