// Numbers as another type, as Function of unary.h. Between integers it is C++'s own conversion: what is beyond the type
// wraps around. Floats are cut off towards 0.
#pragma once

#include "kernels/unary.h"

namespace dragonet {

/// unary_row() itself converts.
struct Cast {
  template <typename Value>
  Value of(Value x) const {
    return x;
  }
};

struct CastToBool {
  template <typename Value>
  uint8_t of(Value x) const {
    return x != 0;
  }
};

/// Floats to integers of at most Wide's bits; what is beyond becomes the nearest, no number becomes 0.
template <typename Wide>
struct CastReal {
  Wide least, most;
  Wide of(float x) const {
    const float end = (float)((uint64_t)1 << (8 * sizeof(Wide) - 1));
    if (x != x) return 0;
    if (x >= end) return most;
    return x < -end ? least : clamp_value((Wide)x, least, most);
  }
};

}  // namespace dragonet
