// Depthwise convolution, int8, one output row at a time: each channel has its own kernel. The window is clipped to the
// input rather than padded, so the input's zero point is subtracted from each cell.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

struct DepthwiseConv2D {
  const int8_t* weights;      // [kernel_height, kernel_width, out_channels]
  const int32_t* bias;        // [out_channels]
  const int32_t* multiplier;  // [out_channels]
  const int8_t* shift;        // [out_channels]
  int16_t in_height, in_width, in_channels, out_width, out_channels;
  uint8_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width, pad_top, pad_left;
  int8_t in_zero_point, out_zero_point, min, max;
  uint8_t depth_multiplier;  // out_channels / in_channels
};

/// The sum under the window of one output channel; `top` and `left` may lie outside the input.
inline int32_t depthwise_sum(const DepthwiseConv2D& conv, const RowsIn& in, int top, int left, int in_c, int out_c) {
  int32_t sum = conv.bias[out_c];
  for (int ky = 0, y = top; ky < conv.kernel_height; ++ky, y += conv.dilation_height) {
    if (y < 0 || y >= conv.in_height) continue;
    const int8_t* const row = in.row(y) + in_c;
    const int8_t* weight = conv.weights + ky * conv.kernel_width * conv.out_channels + out_c;
    for (int kx = 0, x = left; kx < conv.kernel_width; ++kx, x += conv.dilation_width, weight += conv.out_channels)
      if (x >= 0 && x < conv.in_width) sum += (row[x * conv.in_channels] - conv.in_zero_point) * *weight;
  }
  return sum;
}

/// out [out_width, out_channels].
inline void depthwise_conv_2d_row(const DepthwiseConv2D& conv, const RowsIn& in, int y, int8_t* out) {
  const int top = y * conv.stride_height - conv.pad_top;
  for (int x = 0; x < conv.out_width; ++x) {
    const int left = x * conv.stride_width - conv.pad_left;
    for (int in_c = 0, c = 0; in_c < conv.in_channels; ++in_c)
      for (int m = 0; m < conv.depth_multiplier; ++m, ++c) {
        const int32_t sum = depthwise_sum(conv, in, top, left, in_c, c);
        const int32_t scaled = rescale(sum, conv.multiplier[c], conv.shift[c]) + conv.out_zero_point;
        *out++ = clamp_to(scaled, conv.min, conv.max);
      }
  }
}

}  // namespace dragonet
