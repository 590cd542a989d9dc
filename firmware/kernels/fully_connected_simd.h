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

#if DRAGONET_CORTEX_M4

/// words: [fours, 2] of widened values; weights: [fours, 4]. Sums of four channels.
// 27 cycles for 16 products; GCC, which loads word by word, takes 38.
__attribute__((noinline)) inline void multiply_four_channels(const uint32_t* words, const uint32_t* weights,
                                                             int32_t fours, int32_t* sums) {
  int32_t a = 0, b = 0, c = 0, d = 0;
  const uint32_t* const end = words + 2 * fours;
  __asm__ volatile(
      "1:\n ldrd r4, r5, [%[words]], #8\n"
      " ldrd r6, r7, [%[weights]], #8\n"
      " sxtb16 r8, r6\n smlad %[a], r8, r4, %[a]\n sxtb16 r6, r6, ror #8\n smlad %[a], r6, r5, %[a]\n"
      " sxtb16 r8, r7\n smlad %[b], r8, r4, %[b]\n sxtb16 r7, r7, ror #8\n smlad %[b], r7, r5, %[b]\n"
      " ldrd r6, r7, [%[weights]], #8\n"
      " sxtb16 r8, r6\n smlad %[c], r8, r4, %[c]\n sxtb16 r6, r6, ror #8\n smlad %[c], r6, r5, %[c]\n"
      " sxtb16 r8, r7\n smlad %[d], r8, r4, %[d]\n sxtb16 r7, r7, ror #8\n smlad %[d], r7, r5, %[d]\n"
      " cmp %[words], %[end]\n bne 1b\n"
      : [words] "+r"(words), [weights] "+r"(weights), [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d)
      : [end] "r"(end)
      : "r4", "r5", "r6", "r7", "r8", "cc", "memory");
  sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

#else

inline void multiply_four_channels(const uint32_t* words, const uint32_t* weights, int32_t fours, int32_t* sums) {
  sums[0] = sums[1] = sums[2] = sums[3] = 0;
  for (; fours; --fours, words += 2, weights += 4)
    for (int i = 0; i < 4; ++i) {
      sums[i] = multiply_halves(even_bytes(weights[i]), words[0], sums[i]);
      sums[i] = multiply_halves(odd_bytes(weights[i]), words[1], sums[i]);
    }
}

#endif

/// in: one row [in_channels]; out_row [out_channels]; scratch: two words for each four values.
inline void fully_connected_simd_row(const FullyConnectedSimd& layer, const RowsIn& in, int8_t* out_row,
                                     int8_t* scratch) {
  uint32_t* const words = (uint32_t*)scratch;
  const int32_t whole = layer.in_channels / 4, rest = layer.in_channels % 4, fours = whole + (rest != 0);
  widen(in.row(0), whole, 1, words);
  if (rest) {
    uint32_t last = 0;
    for (int32_t i = 0; i < rest; ++i) last |= (uint32_t)(uint8_t)in.row(0)[4 * whole + i] << (8 * i);
    words[2 * whole] = even_bytes(last), words[2 * whole + 1] = odd_bytes(last);
  }
  const uint32_t* weights = layer.weights;
  const Estimate* const estimates = layer.channels.estimates;
  const Estimating estimating(layer.channels);
  for (int32_t c = 0; c < layer.out_channels; c += 4, weights += 4 * fours) {
    int32_t sums[4];
    multiply_four_channels(words, weights, fours, sums);
    for (int32_t i = 0; i < 4 && c + i < layer.out_channels; ++i)
      out_row[c + i] = finished(layer.channels, estimating, estimates[c + i], c + i, sums[i]);
  }
}

}  // namespace dragonet
