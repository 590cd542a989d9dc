// Average and max pooling, one output row at a time. Input and output share type, scale and zero point. Cells outside
// the input count neither for the mean nor for the maximum.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

template <typename Value>
struct Pool2D {
  int16_t in_height, in_width, channels, out_width;
  uint8_t window_height, window_width, stride_height, stride_width, pad_top, pad_left;
  Value min, max;  // of the output
};

/// The part of a window that lies inside the input: rows top to bottom - 1, columns left to right - 1.
struct PoolWindow {
  int top, bottom, left, right;
};

/// The window of output (y, x).
template <typename Value>
inline PoolWindow clipped_window(const Pool2D<Value>& pool, int y, int x) {
  const int top = y * pool.stride_height - pool.pad_top, left = x * pool.stride_width - pool.pad_left;
  const int bottom = top + pool.window_height, right = left + pool.window_width;
  const PoolWindow window = {top < 0 ? 0 : top, bottom > pool.in_height ? (int)pool.in_height : bottom,
                             left < 0 ? 0 : left, right > pool.in_width ? (int)pool.in_width : right};
  return window;
}

/// sum / count; of integers rounded to nearest, halves away from zero.
inline int32_t mean_of(int32_t sum, int32_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

/// A sum of int8 that were uint8, 128 higher. Those are never negative: their mean rounds halves up.
struct Uint8Sum {
  int32_t sum;
  Uint8Sum(int32_t value) : sum(value) {}
  operator int32_t() const { return sum; }
  Uint8Sum& operator+=(int32_t value) {
    sum += value;
    return *this;
  }
};
inline int32_t mean_of(Uint8Sum sum, int32_t count) { return (sum.sum + count * 128 + count / 2) / count - 128; }

inline float mean_of(float sum, int32_t count) { return sum / (float)count; }

/// Output row y. in: rows of [in_width, channels]; out_row [out_width, channels]. Sum is a type that holds the sum of a
/// window: int32_t or float.
template <typename Sum, typename Value>
inline void average_pool_2d_row(const Pool2D<Value>& pool, const RowsIn& in, int y, int8_t* out_row) {
  Value* out = (Value*)out_row;
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, y, x);
    const int32_t count = (int32_t)(window.bottom - window.top) * (window.right - window.left);
    for (int c = 0; c < pool.channels; ++c) {
      Sum sum = 0;
      for (int in_y = window.top; in_y < window.bottom; ++in_y) {
        const Value* const row = (const Value*)in.row(in_y);
        for (int in_x = window.left; in_x < window.right; ++in_x) sum += row[in_x * pool.channels + c];
      }
      *out++ = clamp_value(mean_of(sum, count), pool.min, pool.max);
    }
  }
}

/// The same for a window as high as the input, whose rows come one after another: the call for row y, from 0 to
/// in.count - 1, needs no other row, and the last call writes out_row. sums: [out_width, channels], kept from call to
/// call, of Stored, a type that holds them: int16_t for small windows of int8, else Sum.
template <typename Sum, typename Stored, typename Value>
inline void average_pool_2d_accumulate(const Pool2D<Value>& pool, const RowsIn& in, int y, int8_t* out_row,
                                       Stored* sums) {
  const Value* const row = (const Value*)in.row(y);
  Value* out = (Value*)out_row;
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, 0, x);
    const int32_t count = (int32_t)(window.bottom - window.top) * (window.right - window.left);
    for (int c = 0; c < pool.channels; ++c, ++sums, ++out) {
      Sum sum = y == 0 ? (Sum)0 : (Sum)*sums;
      for (int in_x = window.left; in_x < window.right; ++in_x) sum += row[in_x * pool.channels + c];
      *sums = (Stored)sum;
      if (y + 1 == in.count) *out = clamp_value(mean_of(sum, count), pool.min, pool.max);
    }
  }
}

/// Output row y. in: rows of [in_width, channels]; out_row [out_width, channels].
template <typename Value>
inline void max_pool_2d_row(const Pool2D<Value>& pool, const RowsIn& in, int y, int8_t* out_row) {
  Value* out = (Value*)out_row;
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, y, x);
    for (int c = 0; c < pool.channels; ++c) {
      Value largest = ((const Value*)in.row(window.top))[window.left * pool.channels + c];
      for (int in_y = window.top; in_y < window.bottom; ++in_y) {
        const Value* const row = (const Value*)in.row(in_y);
        for (int in_x = window.left; in_x < window.right; ++in_x)
          if (row[in_x * pool.channels + c] > largest) largest = row[in_x * pool.channels + c];
      }
      *out++ = clamp_value(largest, pool.min, pool.max);
    }
  }
}

}  // namespace dragonet
