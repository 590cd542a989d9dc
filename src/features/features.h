#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "data/image.h"
#include "features/settings.h"

namespace dragonet {

/// Readings of a sensor at a fixed rate, as a chip takes them. A microphone has one axis.
struct Readings {
  int axes = 1;
  std::vector<std::int16_t> values;  // [readings, axes]
};

/// What the chip is sent of one sample.
using Raw = std::variant<Image, Readings>;

/// The model's input for a sample, computed by the chip's own source.
///   returns  [height, width, channels] of shape_of(settings)    int8, see scale_of
std::vector<std::int8_t> features_of(const Raw& raw, const FeatureSettings& settings);

/// What a float32 model is given for them.
std::vector<float> reals_of(std::span<const std::int8_t> features, const FeatureSettings& settings);

}  // namespace dragonet
