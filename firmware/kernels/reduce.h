// One value of many along some dimensions, either one output row at a time, or one input row at a time as they come: a
// sum, a mean, a product, the largest or the least. Source: TensorFlow Lite Micro, reference/reduce.h.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/walk.h"

namespace dragonet {

/// Which input values each output value is made of.
struct Reduction {
  WalkPlace row_step;  // from output row to output row: how far the beginning of `outputs` moves
  Walk outputs;        // over a row's outputs; in the input it stands at the first value of each
  Walk runs;           // within an input row, from there: to the first value of every run
  int32_t count;       // values of a run
  int32_t stride;      // bytes from one of them to the next
  int16_t rows;        // input rows that an output value is made of
};

// Kinds: what is kept while values are taken in (Sum), what it begins with, and what becomes of it.

/// Element: int8_t or int16_t.
template <typename Element>
struct IntegerSum {
  typedef Element Value;
  typedef int32_t Sum;
  Reduction reduction;
  int32_t bias;        // -zero point of the input * values of an output
  int32_t multiplier;  // with shift: input scale / output scale, for a mean also / values of an output; see rescale()
  int8_t shift;
  int16_t zero_point;  // of the output
  Value min, max;
  Sum begin() const { return 0; }
  Sum with(Sum sum, Value value) const { return sum + value; }
  /// sum: of the input's values as they are.
  Value finished(Sum sum) const { return clamp_value(rescale(sum + bias, multiplier, shift) + zero_point, min, max); }
};

struct RealSum {
  typedef float Value;
  typedef float Sum;
  Reduction reduction;
  float count;  // values of an output for a mean; 1 for a sum
  Sum begin() const { return 0; }
  Sum with(Sum sum, Value value) const { return sum + value; }
  Value finished(Sum sum) const { return sum / count; }
};

/// Of int32 that are their own values. A sum wraps around, a mean is cut off towards 0.
struct PlainSum {
  typedef int32_t Value;
  typedef int64_t Sum;
  Reduction reduction;
  int32_t count;  // values of an output for a mean; 1 for a sum
  Sum begin() const { return 0; }
  Sum with(Sum sum, Value value) const { return sum + value; }
  Value finished(Sum sum) const { return (Value)(uint32_t)(sum / count); }
};

/// Unsigned: uint32_t for int32, whose product wraps around; else Element.
template <typename Element, typename Unsigned>
struct Product {
  typedef Element Value;
  typedef Unsigned Sum;
  Reduction reduction;
  Sum begin() const { return 1; }
  Sum with(Sum product, Value value) const { return product * (Unsigned)value; }
  Value finished(Sum product) const { return (Value)product; }
};

/// sign 1: the largest; -1: the least.
template <typename Element, int sign>
struct Extreme {
  typedef Element Value;
  typedef Element Sum;
  Reduction reduction;
  Value first;  // no value of the type is beyond it on the other side
  Sum begin() const { return first; }
  Sum with(Sum best, Value value) const { return (sign > 0 ? value > best : value < best) ? value : best; }
  Value finished(Sum best) const { return best; }
};

/// sum, with one input row's values of one output. row: where the first of them lies.
template <typename Kind>
inline typename Kind::Sum added(const Kind& kind, const int8_t* row, typename Kind::Sum sum) {
  Walker walker = start(kind.reduction.runs);
  do {
    const int8_t* value = row + walker.at.in;
    for (int32_t i = kind.reduction.count; i > 0; --i, value += kind.reduction.stride)
      sum = kind.with(sum, *(const typename Kind::Value*)value);
  } while (go_on(walker, kind.reduction.runs));
  return sum;
}

/// Output row y, of Kind::Value.
template <typename Kind>
inline void reduce_row(const Kind& kind, const RowsIn& in, int y, int8_t* out) {
  Walker walker = start(kind.reduction.outputs);
  advance(walker.at, kind.reduction.row_step, y);
  do {
    typename Kind::Sum sum = kind.begin();
    for (int16_t i = 0; i < kind.reduction.rows; ++i) sum = added(kind, in.row(walker.at.row + i) + walker.at.in, sum);
    *(typename Kind::Value*)(out + walker.at.out) = kind.finished(sum);
  } while (go_on(walker, kind.reduction.outputs));
}

/// The same where the output is one row, made of all of the input's: the call for input row y, from 0 on, needs no
/// other row, and the last call writes out. sums: one for each output value, kept from call to call, of Stored, a type
/// that holds them: int16_t where few values are summed, else Sum.
template <typename Kind, typename Stored>
inline void reduce_accumulate(const Kind& kind, const RowsIn& in, int y, int8_t* out, Stored* sums) {
  Walker walker = start(kind.reduction.outputs);
  do {
    const typename Kind::Sum so_far = y == 0 ? kind.begin() : (typename Kind::Sum) * sums;
    const typename Kind::Sum sum = added(kind, in.row(y) + walker.at.in, so_far);
    *sums++ = (Stored)sum;
    if (y + 1 == kind.reduction.rows) *(typename Kind::Value*)(out + walker.at.out) = kind.finished(sum);
  } while (go_on(walker, kind.reduction.outputs));
}

}  // namespace dragonet
