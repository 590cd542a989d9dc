// A fully connected layer for a Cortex-M4: four output channels at once, four values a pass.
#pragma once

#include "kernels/estimate.h"
#include "kernels/simd.h"

namespace dragonet {

struct FullyConnectedSimd {
  const uint32_t* weights;  // [fours of channels, fours of values, 4]: four weights in a word
  EstimatedChannels channels;
  int32_t in_channels, out_channels;
};

/// words: [fours, 2] of widened values; weights: [fours, 4]. Sums of four channels.
inline void multiply_four_channels(const uint32_t* words, const uint32_t* weights, int32_t fours, int32_t* sums) {
  int32_t a = 0, b = 0, c = 0, d = 0;
  for (const uint32_t* const end = words + 2 * fours; words != end; words += 2, weights += 4) {
    const uint32_t even = words[0], odd = words[1];
    const uint32_t first = weights[0], second = weights[1], third = weights[2], fourth = weights[3];
    a = multiply_halves(odd_bytes(first), odd, multiply_halves(even_bytes(first), even, a));
    b = multiply_halves(odd_bytes(second), odd, multiply_halves(even_bytes(second), even, b));
    c = multiply_halves(odd_bytes(third), odd, multiply_halves(even_bytes(third), even, c));
    d = multiply_halves(odd_bytes(fourth), odd, multiply_halves(even_bytes(fourth), even, d));
  }
  sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

/// in: one row [in_channels]; out_row [out_channels]; scratch: two words for each four values.
inline void fully_connected_simd_row(const FullyConnectedSimd& layer, const RowsIn& in, int8_t* out_row,
                                     int8_t* scratch) {
  uint32_t* const words = (uint32_t*)scratch;
  const int32_t whole = layer.in_channels / 4, rest = layer.in_channels % 4, fours = whole + (rest != 0);
  widen(in.row(0), whole, 2, words);
  if (rest) {
    uint32_t last = 0;
    for (int32_t i = 0; i < rest; ++i) last |= (uint32_t)(uint8_t)in.row(0)[4 * whole + i] << (8 * i);
    words[2 * whole] = even_bytes(last), words[2 * whole + 1] = odd_bytes(last);
  }
  const uint32_t* weights = layer.weights;
  for (int32_t c = 0; c < layer.out_channels; c += 4, weights += 4 * fours) {
    int32_t sums[4];
    multiply_four_channels(words, weights, fours, sums);
    for (int32_t i = 0; i < 4 && c + i < layer.out_channels; ++i)
      out_row[c + i] = finished(layer.channels, layer.channels.estimates[c + i], c + i, sums[i]);
  }
}

}  // namespace dragonet
