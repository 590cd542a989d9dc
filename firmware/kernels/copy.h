// Kernels that only move values: pads, concatenations, slices, transposes. Each copies one or several boxes of values
// out of the input's rows; a pad fills the rest with one value.
#pragma once

#include <string.h>

#include "kernels/walk.h"

namespace dragonet {

/// Copies a run of bytes at each place of a walk.
struct Copy {
  int16_t first_row, rows;  // of the output: those that hold copied values
  WalkPlace row_step;       // from each of them to the next: how far the walk's beginning moves
  Walk walk;                // for row first_row
  uint32_t run_bytes;       // 1 or more
};

/// bytes: 1 or more. A single byte is not worth a call of memcpy.
inline void copy_run(const int8_t* in, int8_t* out, uint32_t bytes) {
  if (bytes == 1)
    *out = *in;
  else
    memcpy(out, in, bytes);
}

/// What of output row y is copied; leaves the rest of `out` as it is.
inline void copy_row(const Copy& copy, const RowsIn& in, int y, int8_t* out) {
  if (y < copy.first_row || y >= copy.first_row + copy.rows) return;
  Walker walker = start(copy.walk);
  advance(walker.at, copy.row_step, y - copy.first_row);
  do copy_run(in.row(walker.at.row) + walker.at.in, out + walker.at.out, copy.run_bytes);
  while (go_on(walker, copy.walk));
}

/// The same where only every so many of the output's rows holds copied values, from the first on.
inline void spread_row(const Copy& copy, int every, const RowsIn& in, int y, int8_t* out) {
  const int from_first = y - copy.first_row;
  if (from_first >= 0 && from_first % every == 0) copy_row(copy, in, copy.first_row + from_first / every, out);
}

/// out_row [count] of Value: fills a pad's row before copy_row().
template <typename Value>
inline void fill_row(int8_t* out_row, uint32_t count, Value value) {
  Value* const out = (Value*)out_row;
  for (uint32_t i = 0; i < count; ++i) out[i] = value;
}

/// A row of one value. With it, how many.
struct Fill {
  uint32_t count;
};

/// out_row [count] of Value: all the value that `value` holds.
template <typename Value>
inline void filled_row(const Fill& fill, const RowsIn& value, int8_t* out_row) {
  fill_row(out_row, fill.count, *(const Value*)value.row(0));
}

/// A row that was known when the model was compiled.
struct Known {
  const void* values;
  uint32_t bytes;
};

inline void known_row(const Known& known, int8_t* out_row) { memcpy(out_row, known.values, known.bytes); }

}  // namespace dragonet
