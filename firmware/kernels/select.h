// One of two values, as a condition says, with broadcasting of all three.
#pragma once

#include "kernels/broadcast.h"

namespace dragonet {

typedef BroadcastWalk<3> Select;  // of the condition and the two choices

/// Output row y, of Value.
template <typename Value>
inline void select_row(const Select& select, const RowsIn& condition, const RowsIn& first, const RowsIn& second, int y,
                       int8_t* out) {
  const int in_a_run = axes_in_a_run(select);
  const BroadcastAxis<3>& run = select.axis[0];
  BroadcastPlace<3> place = first_place(select, y);
  Value* to = (Value*)out;
  do {
    const uint8_t* is_first = values_from<uint8_t>(condition, place, 0);
    const Value *a = values_from<Value>(first, place, 1), *b = values_from<Value>(second, place, 2);
    for (int32_t left = in_a_run ? run.size : 1; left > 0; --left) {
      *to++ = *is_first ? *a : *b;
      is_first += run.step[0], a += run.step[1], b += run.step[2];
    }
  } while (next_place(select, place, in_a_run));
}

}  // namespace dragonet
