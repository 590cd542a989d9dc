// One of two values, as a condition says, with broadcasting of all three.
#pragma once

#include "kernels/broadcast.h"

namespace dragonet {

typedef BroadcastWalk<3> Select;  // of the condition and the two choices

/// Output row y, of Value.
template <typename Value>
inline void select_row(const Select& select, const RowsIn& condition, const RowsIn& first, const RowsIn& second, int y,
                       int8_t* out) {
  BroadcastPlace<3> place = first_place(select, y);
  Value* to = (Value*)out;
  do
    *to++ = *values_from<uint8_t>(condition, place, 0) ? *values_from<Value>(first, place, 1)
                                                       : *values_from<Value>(second, place, 2);
  while (next_place(select, place));
}

}  // namespace dragonet
