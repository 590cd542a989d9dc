#pragma once

#include <cstdint>
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

/// All the rows that a listening chip makes of a recording, of at least a window: each row with the `height - 1` before
/// it is an input.
///   returns  [rows, width, channels]
std::vector<std::int8_t> listened_features(const Readings& readings, const FeatureSettings& settings);

}  // namespace dragonet
