// Products, as Function of binary.h.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_point.h"

namespace dragonet {

struct Mul {
  int32_t multiplier;            // with shift: first scale * second scale / output scale, as for rescale()
  int16_t zero_point, min, max;  // of the output, whose type holds them
  int8_t shift, first_zero_point, second_zero_point;  // zero points of int16 are 0
  int32_t of(int32_t a, int32_t b) const {
    const int32_t product = (a - first_zero_point) * (b - second_zero_point);
    return clamp_value(rescale(product, multiplier, shift) + zero_point, (int32_t)min, (int32_t)max);
  }
};

/// Of int32 that are their own values; what is beyond wraps around.
struct PlainMul {
  int32_t min, max;  // of a fused activation; all of int32 without one
  int32_t of(int32_t a, int32_t b) const { return clamp_value((int32_t)((uint32_t)a * (uint32_t)b), min, max); }
};

struct RealMul {
  float min, max;  // of a fused activation; infinite without one
  float of(float a, float b) const { return clamp_value(a * b, min, max); }
};

}  // namespace dragonet
