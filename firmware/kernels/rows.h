// What every kernel shares: a tensor as rows. Kernels make one output row at a time, so that a planner may keep whole
// tensors or only a few rows of them. Rows are bytes, aligned to 4, which hold values of the tensor's own type. An
// output row never overlaps the rows that it is made of, except that element-wise kernels may write over their input.
#pragma once

#include <stdint.h>

namespace dragonet {

/// The rows of a kernel's input. An image [height, width, channels] has `height` rows of [width, channels]; a tensor of
/// any other shape is one row.
struct RowsIn {
  const int8_t* data;
  uint32_t row_bytes;
  int32_t count;
  const uint16_t* places;  // [count], where each row lies, counted from data in words of 4 bytes; 0: back to back
  /// Row y, [row_bytes]; 0 <= y < count, and one that is kept at present.
  const int8_t* row(int y) const { return data + (places ? (uint32_t)places[y] << 2 : (uint32_t)y * row_bytes); }
};

/// Tells the compiler, in no instructions, that memory is written. GCC 12.2 believes that a layer whose loop goes
/// through elements of two sizes writes nothing, and drops calls of it: its ivopts derive one address from the other
/// (-fno-ivopts helps, too).
inline void writes_memory() { __asm__ volatile("" : : : "memory"); }

/// -128 <= min <= max <= 127.
inline int8_t clamp_to(int32_t x, int32_t min, int32_t max) { return (int8_t)(x < min ? min : x > max ? max : x); }

/// Clamps a row of outputs, where their range is not all of int8.
inline void clamp_row(int8_t min, int8_t max, int8_t* row, int32_t count) {
  if (min == -128 && max == 127) return;
  for (int8_t* const end = row + count; row != end; ++row) *row = clamp_to(*row, min, max);
}

/// x, or the nearer of min and max, min <= max.
template <typename Wide, typename Value>
inline Value clamp_value(Wide x, Value min, Value max) {
  return x < min ? min : x > max ? max : (Value)x;
}

}  // namespace dragonet
