// Sums of all values so far along a dimension, one output row at a time: along a row, or down the rows.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/walk.h"

namespace dragonet {

struct CumsumPlan {
  WalkPlace row_step;  // from output row to output row: how far the walk's beginning moves
  Walk lines;          // over a row's lines along the dimension; at the first value that is summed of each
  WalkPlace step;      // from one value to the next
  int32_t count;       // values that are summed at most
  int8_t begins;       // 1: down the rows, where an output row is one value of each line
  int8_t exclusive;    // 1: a value's own is left out
  int8_t reverse;      // 1: down the rows, from the last on
};

/// Of int8, as TensorFlow Lite Micro's reference has it: the sum does not begin with what stands for 0 but with the
/// byte 0. Where its sums would overflow, these lose 8 bits.
struct CumsumInt8 {
  typedef int8_t Value;
  typedef int64_t Sum;
  CumsumPlan plan;
  int32_t in_multiplier, out_multiplier;  // with shifts: to the common scale and from it, as for rescale()
  int8_t in_shift, out_shift, in_zero_point, out_zero_point;
  Sum term(int32_t q) const { return rescale((q - in_zero_point) * ((int32_t)1 << 20), in_multiplier, in_shift); }
  Sum begin() const { return term(0); }
  Value finished(Sum sum) const {
    const int32_t steps = sum == (int32_t)sum ? rescale((int32_t)sum, out_multiplier, out_shift)
                                              : rescale((int32_t)(sum >> 8), out_multiplier, out_shift + 8);
    return clamp_to(steps + out_zero_point, -128, 127);
  }
};

/// Of what is its own value: float, or int32_t with unsigned sums, which wrap around.
template <typename Element, typename Wrapping>
struct CumsumPlain {
  typedef Element Value;
  typedef Wrapping Sum;
  CumsumPlan plan;
  Sum term(Value value) const { return (Sum)value; }
  Sum begin() const { return 0; }
  Value finished(Sum sum) const { return (Value)sum; }
};

/// One line: all its sums, or down the rows that of the last value alone. at: the first value.
template <typename Kind>
inline void cumsum_line(const Kind& kind, const RowsIn& in, WalkPlace at, int32_t count, int8_t* out) {
  typedef typename Kind::Value Value;
  typename Kind::Sum sum = kind.begin();
  for (int32_t i = 0; i < count; ++i) {
    const typename Kind::Sum next = sum + kind.term(*(const Value*)(in.row(at.row) + at.in));
    if (!kind.plan.begins || i + 1 == count) *(Value*)(out + at.out) = kind.finished(kind.plan.exclusive ? sum : next);
    sum = next;
    advance(at, kind.plan.step, 1);
  }
}

/// Output row y.
template <typename Kind>
inline void cumsum_row(const Kind& kind, const RowsIn& in, int y, int8_t* out) {
  const CumsumPlan& plan = kind.plan;
  const int32_t count = !plan.begins ? plan.count : plan.reverse ? plan.count - y : (int32_t)y + 1;
  Walker line = start(plan.lines);
  advance(line.at, plan.row_step, y);
  do cumsum_line(kind, in, line.at, count, out);
  while (go_on(line, plan.lines));
}

}  // namespace dragonet
