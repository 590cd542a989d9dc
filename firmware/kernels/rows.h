// What every kernel shares: a tensor as rows. Kernels make one output row at a time, so that a planner may keep whole
// tensors or only a few rows of them.
#pragma once

#include <stdint.h>

namespace dragonet {

/// The rows of a kernel's input. Of an image [height, width, channels] a row is [width, channels].
struct RowsIn {
  const int8_t* data;
  uint32_t row_bytes;
  int32_t count;
  const uint16_t* places;  // of each row from data on, in words of 4 bytes; 0: one row behind the other
  const int8_t* row(int y) const { return data + (places ? (uint32_t)places[y] << 2 : (uint32_t)y * row_bytes); }
};

/// GCC 12.2 takes a layer that goes through elements of two sizes in one loop to write nothing, and drops its calls:
/// its ivopts make one address of the other (-fno-ivopts helps, too). This, of no instructions, says that it does.
inline void writes_memory() { __asm__ volatile("" : : : "memory"); }

inline int8_t clamp_to(int32_t x, int32_t min, int32_t max) { return (int8_t)(x < min ? min : x > max ? max : x); }

/// Brought into the range of the smaller type Value.
template <typename Wide, typename Value>
inline Value clamp_value(Wide x, Value min, Value max) {
  return x < min ? min : x > max ? max : (Value)x;
}

}  // namespace dragonet
