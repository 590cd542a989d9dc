// Sum of two tensors of one shape, int8, one row at a time. Both inputs are brought to one scale, twice the larger of
// theirs, with 20 bits more than they have; their sum is then brought to the output's.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

/// From the difference to a zero point to the common scale. Multipliers are below 1, so no shift is positive.
struct AddInput {
  int32_t multiplier;
  int8_t shift;
  int8_t zero_point;
};

struct Add {
  AddInput first, second;
  int32_t multiplier;
  int8_t shift, zero_point, min, max;
};

inline int32_t scaled_term(const AddInput& input, int8_t q) {
  const int32_t shifted = ((int32_t)q - input.zero_point) * ((int32_t)1 << 20);
  return rescale(shifted, input.multiplier, input.shift);
}

inline void add_row(const Add& add, const RowsIn& first, const RowsIn& second, int y, int8_t* out) {
  const int8_t *a = first.row(y), *b = second.row(y);
  for (uint32_t i = 0; i < first.row_bytes; ++i) {
    const int32_t sum = scaled_term(add.first, a[i]) + scaled_term(add.second, b[i]);
    out[i] = clamp_to(rescale(sum, add.multiplier, add.shift) + add.zero_point, add.min, add.max);
  }
}

}  // namespace dragonet
