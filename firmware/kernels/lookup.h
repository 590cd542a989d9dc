// Any operator that makes each byte from the byte in its place, one row at a time. Its 256 answers lie in flash, worked
// out when the model was compiled. That is faster than any arithmetic, and equals the reference whatever the operator.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

struct Lookup {
  const int8_t* table;  // [256], int8 or uint8, by the input's bits as a number from 0 to 255
};

/// Output row y, [in.row_bytes]. It may be the same memory as the input's row.
inline void lookup_row(const Lookup& lookup, const RowsIn& in, int y, int8_t* out) {
  const uint8_t* const row = (const uint8_t*)in.row(y);
  for (uint32_t i = 0; i < in.row_bytes; ++i) out[i] = lookup.table[row[i]];
}

}  // namespace dragonet
