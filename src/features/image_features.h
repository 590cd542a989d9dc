#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "data/image.h"
#include "features/image_settings.h"

namespace dragonet {

/// What is sent to the chip for a decoded image: background behind transparent pixels, the model's channels, padded to
/// a square of at most image_row_pixels (or the model's width) a side, since a chip keeps one row of it. Rows are then
/// fed to the chip's features as they are.
Image raw_sample(const Image& decoded, const ImageFeatureSettings& settings);

/// The model's input for an image as the chip receives it, computed by the chip's own source (image_resize.h).
///   returns  [height, width, channels]    int8, real 0..1 = (q + 128) / 255
std::vector<std::int8_t> image_features(const Image& raw, const ImageFeatureSettings& settings);

/// Settings to begin with: colour only where an example has some.
ImageFeatureSettings default_image_features(std::span<const Image> examples);

}  // namespace dragonet
