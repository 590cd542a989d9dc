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

std::vector<float> reals_of(std::span<const std::int8_t> features, const FeatureSettings& settings) {
  const auto [zero_point, steps] = scale_of(settings);
  std::vector<float> reals;
  for (const std::int8_t q : features) reals.push_back(static_cast<float>(q - zero_point) / steps);
  return reals;
}

}  // namespace dragonet
