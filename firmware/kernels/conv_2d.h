// Convolution, int8, one output row at a time.
//
// The cells under the window are first gathered into `patch`, with zero_point where the window hangs over the edge; then
// every output channel is one dot product of two contiguous arrays. The input's zero point is folded into the bias.
#pragma once

#include <string.h>

#include "kernels/dot.h"
#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

struct Conv2D {
  const int8_t* weights;      // [out_channels, kernel_height, kernel_width, in_channels]
  const int32_t* bias;        // [out_channels], less in_zero_point * sum(weights)
  const int32_t* multiplier;  // [out_channels]
  const int8_t* shift;        // [out_channels]
  int16_t in_height, in_width, in_channels, out_width, out_channels;
  uint8_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width, pad_top, pad_left;
  int8_t in_zero_point, out_zero_point, min, max;
};

/// Copies the input cells under the window of output (y, x), row after row, into patch.
inline void gather_patch(const Conv2D& conv, const RowsIn& in, int y, int x, int8_t* patch) {
  for (int ky = 0; ky < conv.kernel_height; ++ky) {
    const int in_y = y * conv.stride_height - conv.pad_top + ky * conv.dilation_height;
    for (int kx = 0; kx < conv.kernel_width; ++kx, patch += conv.in_channels) {
      const int in_x = x * conv.stride_width - conv.pad_left + kx * conv.dilation_width;
      if (in_y < 0 || in_y >= conv.in_height || in_x < 0 || in_x >= conv.in_width)
        memset(patch, conv.in_zero_point, (size_t)conv.in_channels);
      else
        memcpy(patch, in.row(in_y) + in_x * conv.in_channels, (size_t)conv.in_channels);
    }
  }
}

inline void multiply_patch(const Conv2D& conv, const int8_t* patch, int8_t* out) {
  const int count = conv.kernel_height * conv.kernel_width * conv.in_channels;
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
    gather_patch(conv, in, y, x, patch);
    multiply_patch(conv, patch, out);
  }
}

/// The same for a kernel of 1 x 1 without padding: its patch is a cell of the input itself.
inline void conv_2d_pointwise_row(const Conv2D& conv, const RowsIn& in, int y, int8_t* out) {
  const int8_t* cell = in.row(y * conv.stride_height);
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    multiply_patch(conv, cell, out);
    cell += conv.stride_width * conv.in_channels;
  }
}

}  // namespace dragonet
