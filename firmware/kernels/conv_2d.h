// Convolution, one output row at a time: the patch under the window is gathered, then every output channel is one dot
// product of two contiguous arrays. The input's zero point is folded into the bias.
#pragma once

#include "kernels/channels.h"
#include "kernels/dot.h"
#include "kernels/window.h"

namespace dragonet {

template <typename Arithmetic>
struct Conv2D {
  Window window;
  const typename Arithmetic::Weight* weights;  // [out_channels, kernel_height, kernel_width, in_channels / groups]
  Channels<Arithmetic> channels;
  int16_t out_width, out_channels, in_channels;
  int32_t taps;  // kernel_height * kernel_width * in_channels
};

/// patch [taps] -> out [out_channels], one pixel.
template <typename Arithmetic>
inline void multiply_patch(const Conv2D<Arithmetic>& conv, const typename Arithmetic::Value* patch,
                           typename Arithmetic::Value* out) {
  const typename Arithmetic::Weight* weights = conv.weights;
  const typename Arithmetic::Sum offset = weights_offset(conv.channels, patch, conv.taps);
  for (int c = 0; c < conv.out_channels; ++c, weights += conv.taps)
    out[c] = finished(conv.channels, c, conv.channels.bias[c] + offset + dot(patch, weights, conv.taps));
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch [taps], of values,
/// holds one patch.
template <typename Arithmetic>
inline void conv_2d_row(const Conv2D<Arithmetic>& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  typedef typename Arithmetic::Value Value;
  Value* out = (Value*)out_row;
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    gather_patch(conv.window, in, y, x, scratch);
    multiply_patch(conv, (const Value*)scratch, out);
  }
}

/// The same for a kernel of 1 x 1 without padding: its patch is a cell of the input itself, so it needs no scratch.
template <typename Arithmetic>
inline void conv_2d_pointwise_row(const Conv2D<Arithmetic>& conv, const RowsIn& in, int y, int8_t* out_row) {
  typedef typename Arithmetic::Value Value;
  Value* out = (Value*)out_row;
  const Value* cell = (const Value*)in.row(y * conv.window.stride_height);
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    multiply_patch(conv, cell, out);
    cell += conv.window.stride_width * conv.in_channels;
  }
}

/// The same in `groups` groups, into which in_channels and out_channels are both divided evenly: each group of output
/// channels sees its own group of input channels. The patch is [kernel_height * kernel_width, in_channels], so a
/// group's part of it lies in pieces.
template <typename Arithmetic>
inline void conv_2d_grouped_row(const Conv2D<Arithmetic>& conv, int groups, const RowsIn& in, int y, int8_t* out_row,
                                int8_t* scratch) {
  typedef typename Arithmetic::Value Value;
  Value* out = (Value*)out_row;
  const int in_each = conv.in_channels / groups, out_each = conv.out_channels / groups;
  for (int x = 0; x < conv.out_width; ++x, out += conv.out_channels) {
    gather_patch(conv.window, in, y, x, scratch);
    const typename Arithmetic::Weight* weights = conv.weights;
    for (int c = 0; c < conv.out_channels; ++c) {
      const Value* part = (const Value*)scratch + c / out_each * in_each;
      typename Arithmetic::Sum sum = conv.channels.bias[c];
      for (int32_t tap = 0; tap < conv.taps; tap += in_each, part += conv.in_channels, weights += in_each)
        sum += weights_offset(conv.channels, part, in_each) + dot(part, weights, in_each);
      out[c] = finished(conv.channels, c, sum);
    }
  }
}

}  // namespace dragonet
