// Depthwise convolution with a window of 3 x 3 for a Cortex-M4, channel by channel. Each column of three values is read
// once, where it lies, and adds to the sums of all outputs that see it: its upper two values in one instruction. A row
// beyond the edge is one of zero points.
#pragma once

#include "kernels/estimate.h"
#include "kernels/simd.h"
#include "kernels/window.h"

namespace dragonet {

struct DepthwiseSimd {
  Window window;            // 3 x 3, without dilation, stride_width 1 or 2, pad_left 0 or 1
  const uint32_t* weights;  // [channels, 3 columns, 2]: the upper two weights in one word, and the lowest
  EstimatedChannels channels;
  int16_t out_width, channel_count;
};

/// A column of three weights, or of three values.
struct Column {
  uint32_t upper_two;
  int32_t lowest;
};

inline Column weights_at(const uint32_t* weights, int kx) {
  const Column column = {weights[2 * kx], (int32_t)weights[2 * kx + 1]};
  return column;
}

inline int32_t add_column(const Column& values, const Column& weights, int32_t sum) {
  return multiply_halves(values.upper_two, weights.upper_two, sum + values.lowest * weights.lowest);
}

/// The three rows under the window, at one channel.
struct ThreeRows {
  const int8_t *top, *middle, *bottom;
  Column at(int32_t offset) const {
    const int32_t upper = top[offset], lower = middle[offset], lowest = bottom[offset];
    const Column column = {two_halves((uint32_t)upper, (uint32_t)lower), lowest};
    return column;
  }
};

inline Column column_of(int8_t value) {
  const Column column = {two_halves((uint32_t)(int32_t)value, (uint32_t)(int32_t)value), value};
  return column;
}

/// Stride 1. What each column finishes is `store`d: outputs -2 + pad_left onwards.
inline void slide_simd_row(const DepthwiseSimd& conv, const ThreeRows& rows, const uint32_t* weights, int32_t* sums) {
  const Column left = weights_at(weights, 0), middle = weights_at(weights, 1), right = weights_at(weights, 2);
  const Column beyond = column_of(conv.window.in_zero_point);
  const int32_t step = conv.channel_count, end = step * conv.window.in_width;
  int32_t finished = 0, next = conv.window.pad_left ? add_column(beyond, left, 0) : 0;
  sums += conv.window.pad_left;
  for (int32_t offset = 0; offset != end; offset += step) {
    const Column column = rows.at(offset);
    *sums++ = add_column(column, right, finished);
    finished = add_column(column, middle, next);
    next = add_column(column, left, 0);
  }
  *sums = add_column(beyond, right, finished);
}

inline void stride_simd_row(const DepthwiseSimd& conv, const ThreeRows& rows, const uint32_t* weights, int32_t* sums) {
  const Column left = weights_at(weights, 0), middle = weights_at(weights, 1), right = weights_at(weights, 2);
  const Column beyond = column_of(conv.window.in_zero_point);
  const int width = conv.window.in_width, step = conv.channel_count;
  int x = -conv.window.pad_left;
  Column first = x < 0 ? beyond : rows.at(0);
  for (int32_t *sum = sums + 2, *const end = sum + conv.out_width; sum != end; ++sum, x += 2) {
    const Column second = x + 1 < width ? rows.at((x + 1) * step) : beyond;
    const Column third = x + 2 < width ? rows.at((x + 2) * step) : beyond;
    *sum = add_column(third, right, add_column(second, middle, add_column(first, left, 0)));
    first = third;
  }
}

/// Output row y. in: rows of [in_width, channels], out_row [out_width, channels]; scratch: in_width + 4 sums, and a row
/// of the input where one may lie beyond the edge.
inline void depthwise_simd_row(const DepthwiseSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  int32_t* const sums = (int32_t*)scratch;
  const int8_t* rows[3];
  find_three_rows(conv.window, in, y, scratch + 4 * (conv.window.in_width + 4), rows);
  const uint32_t* weights = conv.weights;
  for (int c = 0; c < conv.channel_count; ++c, weights += 6) {
    const ThreeRows at = {rows[0] + c, rows[1] + c, rows[2] + c};
    if (conv.window.stride_width == 1)
      slide_simd_row(conv, at, weights, sums);
    else
      stride_simd_row(conv, at, weights, sums);
    finish_channel(conv.channels, c, sums + 2, conv.out_width, out_row + c, conv.channel_count);
  }
}

}  // namespace dragonet
