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

/// in [batch, in_channels], out [out_channels] of row y of the batch.
inline void fully_connected_row(const FullyConnected& layer, const RowsIn& in, int y, int8_t* out) {
  const int8_t* weights = layer.weights;
  for (int32_t c = 0; c < layer.out_channels; ++c, weights += layer.in_channels) {
    const int32_t sum = layer.bias[c] + dot(in.data + y * layer.in_channels, weights, layer.in_channels);
    const int32_t i = layer.per_channel ? c : 0;
    const int32_t scaled = rescale(sum, layer.multiplier[i], layer.shift[i]) + layer.out_zero_point;
    out[c] = clamp_to(scaled, layer.min, layer.max);
  }
}

}  // namespace dragonet
