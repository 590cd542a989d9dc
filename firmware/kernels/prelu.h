// Parametric ReLU, as Function of binary.h: negative values are multiplied by alpha, the second operand, which often
// has one value per channel.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_point.h"

namespace dragonet {

struct Prelu {
  int32_t multiplier, negative_multiplier;  // as for rescale(): of values from 0 on; of negative values times alpha
  int8_t shift, negative_shift;
  int8_t in_zero_point, alpha_zero_point, out_zero_point;
  /// q, alpha: int8 values of the operands. Returns -128 to 127.
  int32_t of(int32_t q, int32_t alpha) const {
    const int32_t x = q - in_zero_point;
    const int32_t scaled = x >= 0 ? rescale(x, multiplier, shift)
                                  : rescale(x * (alpha - alpha_zero_point), negative_multiplier, negative_shift);
    return clamp_to(scaled + out_zero_point, -128, 127);
  }
};

struct RealPrelu {
  float of(float x, float alpha) const { return x >= 0 ? x : x * alpha; }
};

}  // namespace dragonet
