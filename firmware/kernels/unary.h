// Any operator that makes each value from the value in its place, one row at a time, where a table of all answers would
// be too long: for int16, int32 and float. `function.of(x)` is the operator.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Output row y: as many values of type Out as the input row has of type In. Where both types are of one size, it may
/// be the same memory as the input's row.
template <typename In, typename Out, typename Function>
inline void unary_row(const Function& function, const RowsIn& in, int y, int8_t* out) {
  const In* const from = (const In*)in.row(y);
  Out* const to = (Out*)out;
  const uint32_t count = in.row_bytes / sizeof(In);
  for (uint32_t i = 0; i < count; ++i) to[i] = (Out)function.of(from[i]);
}

}  // namespace dragonet
