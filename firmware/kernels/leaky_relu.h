// Leaky ReLU of int16 and of floats, as Function of unary.h: negative values are multiplied by alpha, which may be any
// number. Of int8 it is a table: lookup.h.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

/// Zero points are 0. Factors as for rescale(): input scale / output scale, and alpha times that.
struct LeakyRelu {
  int32_t multiplier, negative_multiplier;
  int8_t shift, negative_shift;
  int32_t of(int32_t q) const {
    const int32_t scaled = q >= 0 ? rescale(q, multiplier, shift) : rescale(q, negative_multiplier, negative_shift);
    return clamp_value(scaled, (int32_t)INT16_MIN, (int32_t)INT16_MAX);
  }
};

struct RealLeakyRelu {
  float alpha;
  float of(float x) const { return x > 0 ? x : x * alpha; }
};

}  // namespace dragonet
