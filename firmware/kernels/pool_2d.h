// Average and max pooling, int8, one output row at a time. Input and output share scale and zero point. What lies
// outside the input is left out of the count and of the maximum.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

struct Pool2D {
  int16_t in_height, in_width, channels, out_width;
  uint8_t window_height, window_width, stride_height, stride_width, pad_top, pad_left;
  int8_t min, max;
};

/// The part of a window that lies inside the input: rows top to bottom - 1, columns left to right - 1.
struct PoolWindow {
  int top, bottom, left, right;
};

inline PoolWindow clipped_window(const Pool2D& pool, int y, int x) {
  const int top = y * pool.stride_height - pool.pad_top, left = x * pool.stride_width - pool.pad_left;
  const int bottom = top + pool.window_height, right = left + pool.window_width;
  const PoolWindow window = {top < 0 ? 0 : top, bottom > pool.in_height ? (int)pool.in_height : bottom,
                             left < 0 ? 0 : left, right > pool.in_width ? (int)pool.in_width : right};
  return window;
}

/// Rounded to nearest, halves away from zero.
inline int32_t rounded_mean(int32_t sum, int32_t count) {
  return sum > 0 ? (sum + count / 2) / count : (sum - count / 2) / count;
}

inline void average_pool_2d_row(const Pool2D& pool, const RowsIn& in, int y, int8_t* out) {
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, y, x);
    const int32_t count = (int32_t)(window.bottom - window.top) * (window.right - window.left);
    for (int c = 0; c < pool.channels; ++c) {
      int32_t sum = 0;
      for (int in_y = window.top; in_y < window.bottom; ++in_y) {
        const int8_t* const row = in.row(in_y);
        for (int in_x = window.left; in_x < window.right; ++in_x) sum += row[in_x * pool.channels + c];
      }
      *out++ = clamp_to(rounded_mean(sum, count), pool.min, pool.max);
    }
  }
}

/// The same of a window as high as the input, one row after another; sums [out_width, channels]. Sum is int16_t where
/// that holds the sum of a window, else int32_t.
template <typename Sum>
inline void average_pool_2d_accumulate(const Pool2D& pool, const RowsIn& in, int y, int8_t* out, Sum* sums) {
  const int8_t* const row = in.row(y);
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, 0, x);
    const int32_t count = (int32_t)(window.bottom - window.top) * (window.right - window.left);
    for (int c = 0; c < pool.channels; ++c, ++sums, ++out) {
      int32_t sum = y == 0 ? 0 : *sums;
      for (int in_x = window.left; in_x < window.right; ++in_x) sum += row[in_x * pool.channels + c];
      *sums = (Sum)sum;
      if (y + 1 == in.count) *out = clamp_to(rounded_mean(sum, count), pool.min, pool.max);
    }
  }
}

inline void max_pool_2d_row(const Pool2D& pool, const RowsIn& in, int y, int8_t* out) {
  for (int x = 0; x < pool.out_width; ++x) {
    const PoolWindow window = clipped_window(pool, y, x);
    for (int c = 0; c < pool.channels; ++c) {
      int8_t largest = -128;
      for (int in_y = window.top; in_y < window.bottom; ++in_y) {
        const int8_t* const row = in.row(in_y);
        for (int in_x = window.left; in_x < window.right; ++in_x)
          if (row[in_x * pool.channels + c] > largest) largest = row[in_x * pool.channels + c];
      }
      *out++ = clamp_to(largest, pool.min, pool.max);
    }
  }
}

}  // namespace dragonet
