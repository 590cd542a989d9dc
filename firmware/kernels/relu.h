// ReLU and ReLU6 of a tensor, int8, one row at a time, where no layer before it can do it in passing.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

struct Relu {
  int32_t multiplier;  // input scale / output scale
  int8_t shift, in_zero_point, out_zero_point, min, max;
};

inline void relu_row(const Relu& relu, const RowsIn& in, int y, int8_t* out) {
  const int8_t* row = in.row(y);
  for (uint32_t i = 0; i < in.row_bytes; ++i) {
    const int32_t scaled = rescale((int32_t)row[i] - relu.in_zero_point, relu.multiplier, relu.shift);
    out[i] = clamp_to(scaled + relu.out_zero_point, relu.min, relu.max);
  }
}

}  // namespace dragonet
