// A fully connected layer: out = weights * in + bias. The input's zero point is folded into the bias.
#pragma once

#include "kernels/channels.h"
#include "kernels/dot.h"

namespace dragonet {

template <typename Arithmetic>
struct FullyConnected {
  const typename Arithmetic::Weight* weights;  // [out_channels, in_channels]
  Channels<Arithmetic> channels;               // multiplier and shift [1], unless per_channel
  int32_t in_channels, out_channels;
  bool per_channel;
};

/// in: [in_channels] in all of its rows together; out_row [out_channels].
template <typename Arithmetic>
inline void fully_connected_row(const FullyConnected<Arithmetic>& layer, const RowsIn& in, int8_t* out_row) {
  typedef typename Arithmetic::Value Value;
  const int32_t row_count = (int32_t)(in.row_bytes / sizeof(Value));
  const typename Arithmetic::Weight* weights = layer.weights;
  typename Arithmetic::Sum offset = 0;
  for (int32_t y = 0; y < in.count; ++y) offset += weights_offset(layer.channels, (const Value*)in.row(y), row_count);
  for (int32_t c = 0; c < layer.out_channels; ++c) {
    typename Arithmetic::Sum sum = layer.channels.bias[c] + offset;
    for (int32_t y = 0; y < in.count; ++y, weights += row_count)
      sum += dot((const Value*)in.row(y), weights, row_count);
    ((Value*)out_row)[c] = finished(layer.channels, layer.per_channel ? c : 0, sum);
  }
}

/// Each batch by itself: row y of in is [batches, in_channels], out_row [batches, out_channels].
template <typename Arithmetic>
inline void fully_connected_batches_row(const FullyConnected<Arithmetic>& layer, const RowsIn& in, int y,
                                        int8_t* out_row) {
  const uint32_t batch_bytes = (uint32_t)layer.in_channels * sizeof(typename Arithmetic::Value);
  for (uint32_t at = 0; at < in.row_bytes; at += batch_bytes) {
    const RowsIn batch = {in.row(y) + at, batch_bytes, 1, 0};
    fully_connected_row(layer, batch, out_row);
    out_row += (uint32_t)layer.out_channels * sizeof(typename Arithmetic::Value);
  }
}

/// The same as fully_connected_row(), but the input's rows come one after another: the call for row y, from 0 to
/// in.count - 1, needs no other row, and the last call writes out_row, [out_channels]. state: sums, [out_channels] of
/// Sum, kept from call to call.
template <typename Arithmetic>
inline void fully_connected_accumulate(const FullyConnected<Arithmetic>& layer, const RowsIn& in, int y,
                                       int8_t* out_row, int8_t* state) {
  typedef typename Arithmetic::Value Value;
  typedef typename Arithmetic::Sum Sum;
  const int32_t row_count = (int32_t)(in.row_bytes / sizeof(Value));
  const typename Arithmetic::Weight* weights = layer.weights + y * row_count;
  Sum* const sums = (Sum*)state;
  const Sum offset = weights_offset(layer.channels, (const Value*)in.row(y), row_count);
  for (int32_t c = 0; c < layer.out_channels; ++c, weights += layer.in_channels) {
    const Sum sum =
        (y == 0 ? layer.channels.bias[c] : sums[c]) + offset + dot((const Value*)in.row(y), weights, row_count);
    sums[c] = sum;
    if (y + 1 == in.count) ((Value*)out_row)[c] = finished(layer.channels, layer.per_channel ? c : 0, sum);
  }
}

}  // namespace dragonet
