// Products of matrices, both of which may be computed, for each of a batch; batches are broadcast. In three
// arithmetics. Source: TensorFlow Lite Micro, kernels/internal/reference/batch_matmul.h.
#pragma once

#include "kernels/broadcast.h"
#include "kernels/fixed_point.h"

namespace dragonet {

/// What becomes of a sum of products.
struct MatmulInt8 {
  typedef int8_t Value;
  typedef int32_t Sum;
  int32_t multiplier;  // with shift: first scale * second scale / output scale, as for rescale()
  int8_t shift, first_zero_point, second_zero_point, zero_point;
  Sum product(Sum a, Sum b) const { return (a - first_zero_point) * (b - second_zero_point); }
  Value finished(Sum sum) const { return clamp_to(rescale(sum, multiplier, shift) + zero_point, -128, 127); }
};

/// The sums have 48 bits.
struct MatmulInt16 {
  typedef int16_t Value;
  typedef int64_t Sum;
  int32_t multiplier;  // with shift, as for rescale_wide()
  int8_t shift;
  Sum product(Sum a, Sum b) const { return (int32_t)a * (int32_t)b; }
  Value finished(Sum sum) const {
    return clamp_value(rescale_wide(sum, multiplier, shift), (Value)INT16_MIN, (Value)INT16_MAX);
  }
};

struct MatmulReal {
  typedef float Value;
  typedef float Sum;
  Sum product(Sum a, Sum b) const { return a * b; }
  Value finished(Sum sum) const { return sum; }
};

template <typename Kind>
struct BatchMatmul {
  Kind kind;
  BroadcastWalk<2> batches;             // to the first values of the matrices
  int32_t rows, columns, depth;         // of the product; values that are summed
  int32_t first_row, first_depth;       // steps in the first matrix
  int32_t second_depth, second_column;  // and in the second
};

/// The sum for one value of the product. a, b: the first values that are multiplied.
template <typename Kind>
inline typename Kind::Sum matmul_sum(const BatchMatmul<Kind>& matmul, const typename Kind::Value* a,
                                     const typename Kind::Value* b) {
  typename Kind::Sum sum = 0;
  for (int32_t k = matmul.depth; k > 0; --k, a += matmul.first_depth, b += matmul.second_depth)
    sum += matmul.kind.product(*a, *b);
  return sum;
}

/// Output row y: its matrices, [rows, columns] each.
template <typename Kind>
inline void batch_matmul_row(const BatchMatmul<Kind>& matmul, const RowsIn& first, const RowsIn& second, int y,
                             int8_t* out) {
  typedef typename Kind::Value Value;
  BroadcastPlace<2> place = first_place(matmul.batches, y);
  Value* to = (Value*)out;
  do {
    const Value *const a = values_from<Value>(first, place, 0), *const b = values_from<Value>(second, place, 1);
    for (int32_t row = 0; row < matmul.rows; ++row)
      for (int32_t column = 0; column < matmul.columns; ++column)
        *to++ = matmul.kind.finished(matmul_sum(matmul, a + row * matmul.first_row, b + column * matmul.second_column));
  } while (next_place(matmul.batches, place));
}

}  // namespace dragonet
