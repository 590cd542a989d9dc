#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "data/image.h"

namespace dragonet {

/// Readings of a sensor, as a chip takes them. A microphone has one axis.
struct Readings {
  int axes = 1;
  std::vector<std::int16_t> values;  // [readings, axes]
};

/// What the chip is sent of one sample.
using Raw = std::variant<Image, Readings>;

}  // namespace dragonet
