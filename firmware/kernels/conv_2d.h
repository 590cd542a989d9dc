// Convolution, int8, one output row at a time: the patch under the window is gathered, then every output channel is one
// dot product of two contiguous arrays. The input's zero point is folded into the bias.
#pragma once

#include "kernels/dot.h"
#include "kernels/fixed_point.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2D {
  Window window;
  const int8_t* weights;      // [out_channels, kernel_height, kernel_width, in_channels]
  const int32_t* bias;        // [out_channels], less in_zero_point * sum(weights)
  const int32_t* multiplier;  // [out_channels]
  const int8_t* shift;        // [out_channels]
  int16_t out_width, out_channels;
  int8_t out_zero_point, min, max;
};

inline void multiply_patch(const Conv2D& conv, const int8_t* patch, int count, int8_t* out) {
  const int8_t* weights = conv.weights;
  for (int c = 0; c < conv.out_channels; ++c, weights += count) {
    const int32_t sum = conv.bias[c] + dot(patch, weights, count);
    const int32_t scaled = rescale(sum, conv.multiplier[c], conv.shift[c]) + conv.out_zero_point;
    out[c] = clamp_to(scaled, conv.min, conv.max);
  }
}

/// out [out_width, out_channels]; patch: kernel_height * kernel_width * in_channels bytes.
inline void conv_2d_row(const Conv2D& conv, const RowsIn& in, int y, int8_t* out, int8_t* patch) {
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    gather_patch(conv.window, in, y, x, patch);
    multiply_patch(conv, patch, patch_bytes(conv.window), out);
  }
}

/// The same for a kernel of 1 x 1 without padding: its patch is a cell of the input itself.
inline void conv_2d_pointwise_row(const Conv2D& conv, const RowsIn& in, int y, int8_t* out) {
  const int8_t* cell = in.row(y * conv.window.stride_height);
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    multiply_patch(conv, cell, conv.window.in_channels, out);
    cell += conv.window.stride_width * conv.window.in_channels;
  }
}

}  // namespace dragonet
