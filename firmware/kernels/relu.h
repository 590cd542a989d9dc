// ReLU and its like of floats, as Function of unary.h, where no layer before it can apply it.
#pragma once

#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealRelu {
  float least, most;  // infinite without an end
  float of(float x) const { return clamp_value(x, least, most); }
};

}  // namespace dragonet
