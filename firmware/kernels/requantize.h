// Values from one scale to another: integers, floats to integers and back.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

struct Requantize {
  int32_t multiplier;  // input scale / output scale
  int32_t in_zero_point, out_zero_point;
  int32_t least, most;  // of the result less out_zero_point: clamped before it is added, nothing overflows
  int8_t shift;
  int32_t of(int32_t q) const {
    return clamp_value(rescale(q - in_zero_point, multiplier, shift), least, most) + out_zero_point;
  }
};

struct Quantize {
  float scale;
  int32_t zero_point, least, most;  // as above
  int32_t of(float x) const { return clamp_value(rounded(x / scale), least, most) + zero_point; }

  /// To nearest, halves away from zero; no number is like the largest.
  static int32_t rounded(float steps) {
    if (!(steps < 65536)) return 65536;
    if (steps < -65536) return -65536;
    const int32_t whole = (int32_t)steps;
    const float rest = steps - (float)whole;
    return rest >= 0.5f ? whole + 1 : rest <= -0.5f ? whole - 1 : whole;
  }
};

struct Dequantize {
  float scale;
  int32_t zero_point;
  float of(int32_t q) const { return scale * (float)(q - zero_point); }
};

}  // namespace dragonet
