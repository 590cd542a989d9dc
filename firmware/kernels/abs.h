// Sizes and opposites of integers, as Function of unary.h.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"
#include "kernels/unary.h"

namespace dragonet {

/// Of int16, whose zero points are 0. is_abs: the size; else the opposite.
template <bool is_abs>
struct Opposite {
  int32_t multiplier;  // with shift: input scale / output scale, as for rescale()
  int8_t shift;
  int32_t of(int32_t q) const {
    const int32_t steps = is_abs && q >= 0 ? q : -q;
    return clamp_value(rescale(steps, multiplier, shift), (int32_t)INT16_MIN, (int32_t)INT16_MAX);
  }
};

/// Of int32 that are their own values; the least has no opposite and stays.
template <bool is_abs>
struct PlainOpposite {
  int32_t of(int32_t x) const { return is_abs && x >= 0 ? x : (int32_t)(0 - (uint32_t)x); }
};

struct LogicalNot {
  uint8_t of(uint8_t x) const { return !x; }
};

}  // namespace dragonet
