// Two output channels that share words of weights, for a Cortex-M4. Each half of a word holds the weight of one channel
// and 256 times that of the other, for one tap, so that a product with two values needs no unpacking: the one channel's
// sum comes of the lower bytes alone, and the other's is what is left, divided by 256.
//
// What a pair has in flash: the begins of both sums, which are the one's bias, and with it 256 times the other's; words
// of weights, an even number; then multiplier, offset and shift of each, as in a Rounding. Shift 0: there is no other.
#pragma once

#include "kernels/rounding.h"
#include "kernels/simd.h"

namespace dragonet {

enum { words_beside_weights = 8 };

/// A pair's outputs, out[0] and out[1]. values: [words], of which one lies in each `step`.
inline void multiply_channel_pair(const uint32_t* pair, int32_t words, const uint32_t* values, int step, int8_t* out) {
  int32_t one = (int32_t)*pair++, both = (int32_t)*pair++;
  for (const uint32_t* const end = pair + words; pair != end; ++pair, values += step) {
    one = multiply_halves(even_bytes(*pair), *values, one);
    both = multiply_halves(*pair, *values, both);
  }
  const int32_t* const numbers = (const int32_t*)pair;
  const Rounding of_one = {0, numbers[0], numbers[1], numbers[2]}, of_other = {0, numbers[3], numbers[4], numbers[5]};
  out[0] = rounded(of_one, one);
  if (of_other.shift) out[1] = rounded(of_other, (int32_t)((uint32_t)both - (uint32_t)one) >> 8);
}

}  // namespace dragonet
