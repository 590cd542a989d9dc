// Depthwise convolution, int8, one output row at a time: each input channel has kernels of its own. The patch under the
// window is gathered as for conv_2d.h, and the input's zero point is folded into the bias.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/window.h"

namespace dragonet {

struct DepthwiseConv2D {
  Window window;
  const int8_t* weights;      // [kernel_height, kernel_width, out_channels]
  const int32_t* bias;        // [out_channels], less in_zero_point * sum(weights)
  const int32_t* multiplier;  // [out_channels]
  const int8_t* shift;        // [out_channels]
  int16_t out_width, out_channels;
  int8_t out_zero_point, min, max;
  int16_t depth_multiplier;  // out_channels / in_channels
};

/// The sum of products of two columns: count elements, in_step and weight_step apart.
inline int32_t strided_dot(const int8_t* cell, int in_step, const int8_t* weight, int weight_step, int count) {
  int32_t sum = 0;
  for (; count; --count, cell += in_step, weight += weight_step) sum += (int32_t)*cell * *weight;
  return sum;
}

/// out [out_width, out_channels]; patch: kernel_height * kernel_width * in_channels bytes.
inline void depthwise_conv_2d_row(const DepthwiseConv2D& conv, const RowsIn& in, int y, int8_t* out, int8_t* patch) {
  const int taps = conv.window.kernel_height * conv.window.kernel_width, in_channels = conv.window.in_channels;
  for (int x = 0; x < conv.out_width; ++x) {
    gather_patch(conv.window, in, y, x, patch);
    for (int in_c = 0, c = 0; in_c < in_channels; ++in_c)
      for (int m = 0; m < conv.depth_multiplier; ++m, ++c) {
        const int32_t sum =
            conv.bias[c] + strided_dot(patch + in_c, in_channels, conv.weights + c, conv.out_channels, taps);
        const int32_t scaled = rescale(sum, conv.multiplier[c], conv.shift[c]) + conv.out_zero_point;
        *out++ = clamp_to(scaled, conv.min, conv.max);
      }
  }
}

}  // namespace dragonet
