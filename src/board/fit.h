#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "board/firmware.h"

namespace dragonet {

/// Empty if the image fits its board; otherwise a problem for each memory that is too small: by how much, what is
/// largest in it, and what would help.
std::vector<Problem> fit_problems(const FirmwareImage& image, const Board& board);

/// Flash that a layer's weights, biases and tables take.
struct LayerBytes {
  std::string layer;  // its name in every report, or that of a constant that is no layer's
  std::uint32_t bytes = 0;
};
std::vector<LayerBytes> constants_by_layer(const FirmwareImage& image);  // the largest first

/// "12 345 B": digits in threes, which a reader of any language understands.
std::string bytes_text(std::uint32_t bytes);

}  // namespace dragonet
