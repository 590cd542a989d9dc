// The larger and the smaller of two values of one scale.
#pragma once

#include "kernels/binary.h"

namespace dragonet {

struct Maximum {
  template <typename Value>
  Value of(Value a, Value b) const {
    return a > b ? a : b;
  }
};

struct Minimum {
  template <typename Value>
  Value of(Value a, Value b) const {
    return a < b ? a : b;
  }
};

}  // namespace dragonet
