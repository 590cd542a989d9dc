// ReLU and ReLU6 of floats, as Function of unary.h, where no layer before it can apply it.
#pragma once

#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealRelu {
  float most;  // 6, or infinity
  float of(float x) const { return clamp_value(x, 0.0f, most); }
};

}  // namespace dragonet
