// ReLU and ReLU6 of floats, where no layer before it can do it in passing.
#pragma once

#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealRelu {
  float most;
  float of(float x) const { return clamp_value(x, 0.0f, most); }
};

}  // namespace dragonet
