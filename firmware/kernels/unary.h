// An operator that makes each value of the value in its place, one row at a time, where a table of all answers would be
// too long: of int16, int32 and float. `function.of` is the operator.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// GCC 12.2 takes a function that goes through elements of two sizes in one loop to write nothing, and drops its calls:
/// its ivopts make one address of the other (-fno-ivopts helps, too). This, of no instructions, says that it does.
inline void writes_memory() { __asm__ volatile("" : : : "memory"); }

template <typename In, typename Out, typename Function>
inline void unary_row(const Function& function, const RowsIn& in, int y, int8_t* out) {
  writes_memory();
  const In* const from = (const In*)in.row(y);
  Out* const to = (Out*)out;
  const uint32_t count = in.row_bytes / sizeof(In);
  for (uint32_t i = 0; i < count; ++i) to[i] = (Out)function.of(from[i]);
}

}  // namespace dragonet
