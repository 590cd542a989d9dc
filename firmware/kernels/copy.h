// What only moves values: pads, concatenations, slices, transposes. Each is a box of values, or several, that is copied
// out of the input's rows, and sometimes a value for the rest.
#pragma once

#include <string.h>

#include "kernels/walk.h"

namespace dragonet {

/// Runs of bytes, at the places of a walk. Rows first_row to first_row + rows - 1 of the output hold some; from each to
/// the next, the walk's begin moves by row_step.
struct Copy {
  int16_t first_row, rows;
  WalkPlace row_step;
  Walk walk;
  uint32_t run_bytes;
};

inline void copy_run(const int8_t* in, int8_t* out, uint32_t bytes) {
  if (bytes == 1)
    *out = *in;
  else
    memcpy(out, in, bytes);
}

inline void copy_row(const Copy& copy, const RowsIn& in, int y, int8_t* out) {
  if (y < copy.first_row || y >= copy.first_row + copy.rows) return;
  Walker walker = start(copy.walk);
  advance(walker.at, copy.row_step, y - copy.first_row);
  do copy_run(in.row(walker.at.row) + walker.at.in, out + walker.at.out, copy.run_bytes);
  while (go_on(walker, copy.walk));
}

/// Pads, before copy_row.
template <typename Value>
inline void fill_row(int8_t* out_row, uint32_t count, Value value) {
  Value* const out = (Value*)out_row;
  for (uint32_t i = 0; i < count; ++i) out[i] = value;
}

}  // namespace dragonet
