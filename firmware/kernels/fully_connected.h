// Fully connected layer, int8. The input's zero point is folded into the bias.
#pragma once

#include "kernels/dot.h"
#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

struct FullyConnected {
  const int8_t* weights;      // [out_channels, in_channels]
  const int32_t* bias;        // [out_channels], less in_zero_point * sum(weights)
  const int32_t* multiplier;  // one, or [out_channels] if per_channel
  const int8_t* shift;        // likewise
  int32_t in_channels, out_channels;
  bool per_channel;
  int8_t out_zero_point, min, max;
};

inline int8_t fully_connected_output(const FullyConnected& layer, int32_t c, int32_t sum) {
  const int32_t i = layer.per_channel ? c : 0;
  const int32_t scaled = rescale(sum, layer.multiplier[i], layer.shift[i]) + layer.out_zero_point;
  return clamp_to(scaled, layer.min, layer.max);
}

/// in: rows that hold [in_channels] one after another; out [out_channels].
inline void fully_connected_row(const FullyConnected& layer, const RowsIn& in, int8_t* out) {
  const int8_t* weights = layer.weights;
  for (int32_t c = 0; c < layer.out_channels; ++c) {
    int32_t sum = layer.bias[c];
    for (int32_t y = 0; y < in.count; ++y, weights += in.row_bytes) sum += dot(in.row(y), weights, in.row_bytes);
    out[c] = fully_connected_output(layer, c, sum);
  }
}

/// The same, one row after another; sums [out_channels].
inline void fully_connected_accumulate(const FullyConnected& layer, const RowsIn& in, int y, int8_t* out,
                                       int32_t* sums) {
  const int8_t* weights = layer.weights + (uint32_t)y * in.row_bytes;
  for (int32_t c = 0; c < layer.out_channels; ++c, weights += layer.in_channels) {
    const int32_t sum = (y == 0 ? layer.bias[c] : sums[c]) + dot(in.row(y), weights, in.row_bytes);
    sums[c] = sum;
    if (y + 1 == in.count) out[c] = fully_connected_output(layer, c, sum);
  }
}

}  // namespace dragonet
