// Hard swish of floats, as Function of unary.h: x * relu6(x + 3) / 6. Of int8 it is a table: lookup.h.
#pragma once

#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealHardSwish {
  float of(float x) const { return x * clamp_value(x + 3, 0.0f, 6.0f) / 6; }
};

}  // namespace dragonet
