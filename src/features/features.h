#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/raw.h"
#include "features/settings.h"

namespace dragonet {

/// The model's input for a sample, computed by the chip's own source.
///   returns  [height, width, channels] of shape_of(settings)    int8, see scale_of
std::vector<std::int8_t> features_of(const Raw& raw, const FeatureSettings& settings);

/// All the rows that a listening chip makes of a recording, of at least a window: each row with the `height - 1` before
/// it is an input.
///   returns  [rows, width, channels]
std::vector<std::int8_t> listened_features(const Readings& readings, const FeatureSettings& settings);

/// The features as the reals that a float32 model takes.
std::vector<float> reals_of(std::span<const std::int8_t> features, const FeatureSettings& settings);

}  // namespace dragonet
