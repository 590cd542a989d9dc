// The larger and the smaller of two values, as Function of binary.h. Inputs and output share scale and zero point.
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
