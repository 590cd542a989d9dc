// A walk through the values of an output row, and through those of several operands that are broadcast to it. Where a
// dimension of one of them is 1 or missing, its values are repeated: a step of 0 repeats a value.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// A dimension of the output row.
template <int operands>
struct BroadcastAxis {
  int32_t size;
  int32_t step[operands];  // of each operand along it, in values
  int8_t rows[operands];   // the same in rows, 0 or 1, of an operand that has its rows along this axis
};

template <int operands>
struct BroadcastWalk {
  int32_t y_step[operands];         // from output row to output row, in values, of an operand that has only one row
  int8_t y_rows[operands];          // 1: the operand has the output's rows
  int8_t axes;                      // 0 to 6
  BroadcastAxis<operands> axis[6];  // the innermost first
};

/// A walk on its way: where each operand's value is.
template <int operands>
struct BroadcastPlace {
  int32_t value[operands];
  int row[operands];
  int32_t done[6];  // steps along each axis
};

/// At the first value of output row y.
template <int operands>
inline BroadcastPlace<operands> first_place(const BroadcastWalk<operands>& walk, int y) {
  BroadcastPlace<operands> place;
  for (int i = 0; i < operands; ++i) place.value[i] = y * walk.y_step[i], place.row[i] = y * walk.y_rows[i];
  for (int a = 0; a < 6; ++a) place.done[a] = 0;
  return place;
}

/// 1: along the innermost axis all values lie in one row of their operands, so that it can be gone through in a loop of
/// its own.
template <int operands>
inline int axes_in_a_run(const BroadcastWalk<operands>& walk) {
  if (walk.axes == 0) return 0;
  for (int i = 0; i < operands; ++i)
    if (walk.axis[0].rows[i]) return 0;
  return 1;
}

/// Without the first axes, which the caller has gone through. False: there is no next.
template <int operands>
inline bool next_place(const BroadcastWalk<operands>& walk, BroadcastPlace<operands>& place, int without = 0) {
  for (int a = without; a < walk.axes; ++a) {
    const BroadcastAxis<operands>& axis = walk.axis[a];
    const bool is_last = ++place.done[a] == axis.size;
    const int32_t steps = is_last ? 1 - axis.size : 1;
    for (int i = 0; i < operands; ++i)
      place.value[i] += steps * axis.step[i], place.row[i] += (int)steps * axis.rows[i];
    if (!is_last) return true;
    place.done[a] = 0;
  }
  return false;
}

/// The operand's values from that place on.
template <typename Value, int operands>
inline const Value* values_from(const RowsIn& in, const BroadcastPlace<operands>& place, int operand) {
  return (const Value*)in.row(place.row[operand]) + place.value[operand];
}

}  // namespace dragonet
