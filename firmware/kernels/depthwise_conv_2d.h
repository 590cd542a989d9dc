// Depthwise convolution, one output row at a time: each input channel has depth_multiplier kernels of its own. The
// patch under the window is gathered as for conv_2d.h, and the input's zero point is folded into the bias.
#pragma once

#include "kernels/channels.h"
#include "kernels/window.h"

namespace dragonet {

template <typename Arithmetic>
struct DepthwiseConv2D {
  Window window;
  const typename Arithmetic::Weight* weights;  // [kernel_height, kernel_width, out_channels]
  Channels<Arithmetic> channels;
  int16_t out_width, out_channels, in_channels;
  int16_t depth_multiplier;  // out_channels / in_channels
};

/// The sum of products of two columns of a matrix: `count` elements of each, in_step and weight_step elements apart.
inline int32_t strided_dot(const int8_t* cell, int in_step, const int8_t* weight, int weight_step, int count) {
  int32_t sum = 0;
  for (; count; --count, cell += in_step, weight += weight_step) sum += (int32_t)*cell * *weight;
  return sum;
}

inline int64_t strided_dot(const int16_t* cell, int in_step, const int8_t* weight, int weight_step, int count) {
  int64_t sum = 0;
  for (; count; --count, cell += in_step, weight += weight_step) sum += (int32_t)*cell * *weight;
  return sum;
}

inline float strided_dot(const float* cell, int in_step, const float* weight, int weight_step, int count) {
  float sum = 0;
  for (; count; --count, cell += in_step, weight += weight_step) sum += *cell * *weight;
  return sum;
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch holds one patch,
/// [kernel_height, kernel_width, in_channels] values.
template <typename Arithmetic>
inline void depthwise_conv_2d_row(const DepthwiseConv2D<Arithmetic>& conv, const RowsIn& in, int y, int8_t* out_row,
                                  int8_t* scratch) {
  typedef typename Arithmetic::Value Value;
  const int taps = conv.window.kernel_height * conv.window.kernel_width, in_channels = conv.in_channels;
  Value* out = (Value*)out_row;
  for (int x = 0; x < conv.out_width; ++x) {
    gather_patch(conv.window, in, y, x, scratch);
    const Value* const patch = (const Value*)scratch;
    for (int in_c = 0, c = 0; in_c < in_channels; ++in_c) {
      const typename Arithmetic::Sum offset = weights_offset(conv.channels, patch + in_c, taps, in_channels);
      for (int m = 0; m < conv.depth_multiplier; ++m, ++c)
        *out++ = finished(conv.channels, c,
                          conv.channels.bias[c] + offset +
                              strided_dot(patch + in_c, in_channels, conv.weights + c, conv.out_channels, taps));
    }
  }
}

}  // namespace dragonet
