// Depthwise convolution with a window of 3 x 3, channel by channel. At stride 1 each column of three values is read
// once, where it lies, and adds to the sums of the three outputs that see it.
#pragma once

#include "kernels/estimate.h"
#include "kernels/window.h"

namespace dragonet {

struct DepthwiseColumns {
  Window window;          // 3 x 3, without dilation, at most one padded column on the left
  const int8_t* weights;  // [3, 3, channels]
  EstimatedChannels channels;
  int16_t out_width, channel_count;
};

/// One channel: its weights, and its values in the three rows under the window.
struct Columns {
  int32_t weights[9];     // [3, 3]; 0 in rows beyond the edge
  const int8_t* rows[3];  // any, where the weights are 0
  int32_t step;           // from column to column
  int32_t beyond;         // what rows beyond the edge add to every sum
};

/// What a column of three values adds through column kx of the weights.
inline int32_t product(const Columns& of, int kx, int32_t top, int32_t middle, int32_t bottom) {
  return top * of.weights[kx] + middle * of.weights[3 + kx] + bottom * of.weights[6 + kx];
}

inline Columns columns_of(const DepthwiseColumns& conv, const RowsIn& in, int y) {
  Columns of;
  of.step = conv.channel_count;
  const int top = y * conv.window.stride_height - conv.window.pad_top;
  for (int ky = 0; ky < 3; ++ky) {
    const bool is_inside = top + ky >= 0 && top + ky < conv.window.in_height;
    of.rows[ky] = is_inside ? in.row(top + ky) : 0;
  }
  return of;
}

/// Its weights, once the rows are known.
inline void take_channel(const DepthwiseColumns& conv, int c, Columns& of) {
  of.beyond = 0;
  for (int ky = 0; ky < 3; ++ky)
    for (int kx = 0; kx < 3; ++kx) {
      const int32_t weight = conv.weights[(ky * 3 + kx) * conv.channel_count + c];
      of.weights[ky * 3 + kx] = of.rows[ky] ? weight : 0;
      if (!of.rows[ky]) of.beyond += weight * conv.window.in_zero_point;
    }
}

/// Stride 1. sums: of outputs -2 to out_width + 1, those that are none with anything.
inline void slide_columns(const Window& window, const Columns& of, const int8_t* const rows[3], int32_t* sums) {
  const int32_t zero = window.in_zero_point, w0 = of.weights[0], w1 = of.weights[1], w2 = of.weights[2],
                w3 = of.weights[3], w4 = of.weights[4], w5 = of.weights[5], w6 = of.weights[6], w7 = of.weights[7],
                w8 = of.weights[8];
  const int8_t *a = rows[0], *b = rows[1], *c = rows[2];
  int32_t left = 0, middle = product(of, 0, zero, zero, zero);  // so far, of the outputs to the left and here
  sums += window.pad_left;
  for (int32_t* const end = sums + window.in_width; sums != end; ++sums) {
    const int32_t top = *a, here = *b, bottom = *c;
    a += of.step, b += of.step, c += of.step;
    *sums = left + top * w2 + here * w5 + bottom * w8;
    left = middle + top * w1 + here * w4 + bottom * w7;
    middle = top * w0 + here * w3 + bottom * w6;
  }
  sums[0] = left + product(of, 2, zero, zero, zero);
}

/// Any stride. sums: likewise.
inline void step_columns(const Window& window, const Columns& of, const int8_t* const rows[3], int out_width,
                         int32_t* sums) {
  const int32_t zero = window.in_zero_point;
  for (int x = 0; x < out_width; ++x) {
    int32_t sum = 0;
    for (int kx = 0, in_x = x * window.stride_width - window.pad_left; kx < 3; ++kx, ++in_x) {
      const int32_t at = in_x * of.step;
      const bool is_inside = in_x >= 0 && in_x < window.in_width;
      sum += is_inside ? product(of, kx, rows[0][at], rows[1][at], rows[2][at]) : product(of, kx, zero, zero, zero);
    }
    sums[2 + x] = sum;
  }
}

/// Output row y. in: rows of [in_width, channels], out_row [out_width, channels]; scratch: out_width + 4 sums.
inline void depthwise_columns_row(const DepthwiseColumns& conv, const RowsIn& in, int y, int8_t* out_row,
                                  int8_t* scratch) {
  int32_t* const sums = (int32_t*)scratch;
  Columns of = columns_of(conv, in, y);
  const int8_t* const any = of.rows[1] ? of.rows[1] : of.rows[0] ? of.rows[0] : of.rows[2];
  for (int c = 0; c < conv.channel_count; ++c) {
    take_channel(conv, c, of);
    const int8_t* const rows[3] = {(of.rows[0] ? of.rows[0] : any) + c, (of.rows[1] ? of.rows[1] : any) + c,
                                   (of.rows[2] ? of.rows[2] : any) + c};
    if (conv.window.stride_width == 1)
      slide_columns(conv.window, of, rows, sums);
    else
      step_columns(conv.window, of, rows, conv.out_width, sums);
    for (int x = 0; of.beyond != 0 && x < conv.out_width; ++x) sums[2 + x] += of.beyond;
    finish_channel(conv.channels, c, sums + 2, conv.out_width, out_row + c, conv.channel_count);
  }
}

}  // namespace dragonet
