// Values from one scale to another, as Function of unary.h: integers to integers, floats to integers and back.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct Requantize {
  int32_t multiplier;  // with shift: input scale / output scale, as for rescale()
  int32_t in_zero_point, out_zero_point;
  int32_t least, most;  // of the result before out_zero_point is added, so that the sum does not overflow
  int8_t shift;
  int32_t of(int32_t q) const {
    return clamp_value(rescale(q - in_zero_point, multiplier, shift), least, most) + out_zero_point;
  }
};

/// Floats to integers of at most 16 bits.
struct Quantize {
  float scale;
  int32_t zero_point, least, most;  // of the output; least and most before zero_point is added
  int32_t of(float x) const { return clamp_value(rounded(x / scale), least, most) + zero_point; }

  /// To the nearest integer, halves away from zero; -65536 to 65536. NaN counts as the largest number.
  static int32_t rounded(float steps) {
    if (!(steps < 65536)) return 65536;
    if (steps < -65536) return -65536;
    const int32_t whole = (int32_t)steps;
    const float rest = steps - (float)whole;
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
  }
};

/// Integers to floats: real = scale * (q - zero_point).
struct Dequantize {
  float scale;
  int32_t zero_point;
  float of(int32_t q) const { return scale * (float)(q - zero_point); }
};

}  // namespace dragonet
