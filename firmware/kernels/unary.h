// An operator that makes each value of the value in its place, one row at a time, where a table of all answers would be
// too long: of int16, int32 and float. `function.of` is the operator.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

template <typename In, typename Out, typename Function>
inline void unary_row(const Function& function, const RowsIn& in, int y, int8_t* out) {
  const In* const from = (const In*)in.row(y);
  Out* const to = (Out*)out;
  const uint32_t count = in.row_bytes / sizeof(In);
  for (uint32_t i = 0; i < count; ++i) to[i] = (Out)function.of(from[i]);
}

}  // namespace dragonet
