// Hard swish of floats: x * relu6(x + 3) / 6.
#pragma once

#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealHardSwish {
  float of(float x) const { return x * clamp_value(x + 3, 0.0f, 6.0f) / 6; }
};

}  // namespace dragonet
