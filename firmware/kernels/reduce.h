// Sums and means along some dimensions, one output row at a time, or with the input's rows as they come. Source:
// TensorFlow Lite Micro, reference/reduce.h, QuantizedMeanOrSum.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/walk.h"

namespace dragonet {

/// The values that go into one output value lie in `rows` rows. In each, a walk leads to the begins of runs of `count`
/// values, `stride` bytes apart. Another walk leads to all output values of a row, and from each output row to the next
/// it begins row_step further.
struct Reduction {
  WalkPlace row_step;
  Walk outputs, runs;
  int32_t count, stride;
  int16_t rows;
};

/// bias: -count * the input's zero point. In a mean's multiplier lies 1 / count.
template <typename Element>
struct IntegerSum {
  typedef Element Value;
  typedef int32_t Sum;
  Reduction reduction;
  int32_t bias, multiplier;
  int8_t shift;
  int16_t zero_point;
  Value min, max;
  Value finished(Sum sum) const { return clamp_value(rescale(sum + bias, multiplier, shift) + zero_point, min, max); }
};

struct RealSum {
  typedef float Value;
  typedef float Sum;
  Reduction reduction;
  float count;  // 1 for sums
  Value finished(Sum sum) const { return sum / count; }
};

/// What is so far, and what one input row adds to it.
template <typename Kind>
inline typename Kind::Sum added(const Kind& kind, const int8_t* row, typename Kind::Sum sum) {
  Walker walker = start(kind.reduction.runs);
  do {
    const int8_t* value = row + walker.at.in;
    for (int32_t i = kind.reduction.count; i > 0; --i, value += kind.reduction.stride)
      sum += *(const typename Kind::Value*)value;
  } while (go_on(walker, kind.reduction.runs));
  return sum;
}

template <typename Kind>
inline void reduce_row(const Kind& kind, const RowsIn& in, int y, int8_t* out) {
  Walker walker = start(kind.reduction.outputs);
  advance(walker.at, kind.reduction.row_step, y);
  do {
    typename Kind::Sum sum = 0;
    for (int16_t i = 0; i < kind.reduction.rows; ++i) sum = added(kind, in.row(walker.at.row + i) + walker.at.in, sum);
    *(typename Kind::Value*)(out + walker.at.out) = kind.finished(sum);
  } while (go_on(walker, kind.reduction.outputs));
}

/// The same of an output of one row and an input of several, with input row y, first to last; sums of Stored, which
/// holds them: int16_t where they are few, else Sum.
template <typename Kind, typename Stored>
inline void reduce_accumulate(const Kind& kind, const RowsIn& in, int y, int8_t* out, Stored* sums) {
  Walker walker = start(kind.reduction.outputs);
  do {
    const typename Kind::Sum so_far = y == 0 ? (typename Kind::Sum)0 : (typename Kind::Sum) * sums;
    const typename Kind::Sum sum = added(kind, in.row(y) + walker.at.in, so_far);
    *sums++ = (Stored)sum;
    if (y + 1 == kind.reduction.rows) *(typename Kind::Value*)(out + walker.at.out) = kind.finished(sum);
  } while (go_on(walker, kind.reduction.outputs));
}

}  // namespace dragonet
