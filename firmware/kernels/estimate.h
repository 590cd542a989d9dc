// Sums to int8 outputs by one product of 32 bits, where TensorFlow Lite's two roundings take a product of 64. The
// estimate of an output is a fixed-point number with 23 bits behind the point. Where those bits lie within `doubt` of a
// rounding edge, the exact way decides. The compiler has proved, for each channel and each of its at most 255 edges,
// that elsewhere both agree (ops/estimate.h).
#pragma once

#include "kernels/channels.h"

namespace dragonet {

/// Of one output channel.
struct Estimate {
  int32_t low, high;  // sums beyond these are taken for these, in the middle of the steps of the least and most output
  int32_t multiplier, offset;
};

struct EstimatedChannels {
  Channels<Int8> exact;
  const Estimate* estimates;  // [out_channels]
  uint32_t doubt;             // both sides of an edge together; the estimate is too high by half of it
  int8_t shift;               // sums are shifted right by so much before they are multiplied
};

enum { estimate_bits = 23 };

/// Apart, so that the loop around it keeps its registers.
__attribute__((noinline)) inline int8_t exactly_finished(const Channels<Int8>& channels, int32_t c, int32_t sum) {
  return finished(channels, c, channels.bias[c] + sum);
}

/// Channel c of `count` pixels: sums [count] of products, without the bias, to values that lie `step` apart.
__attribute__((noinline)) inline void finish_channel(const EstimatedChannels& channels, int32_t c, const int32_t* sums,
                                                     int count, int8_t* out, int step) {
  const Estimate& estimate = channels.estimates[c];
  const int32_t low = estimate.low, high = estimate.high, offset = estimate.offset;
  const uint32_t multiplier = (uint32_t)estimate.multiplier, doubt = channels.doubt;
  const int shift = channels.shift;
  for (const int32_t* const end = sums + count; sums != end; ++sums, out += step) {
    int32_t sum = *sums;
    if (sum < low) sum = low;
    if (sum > high) sum = high;
    const uint32_t fixed = (uint32_t)(sum >> shift) * multiplier + (uint32_t)offset;
    *out = (int8_t)((int32_t)fixed >> estimate_bits);
    if (fixed << (32 - estimate_bits) < doubt) *out = exactly_finished(channels.exact, c, *sums);
  }
}

}  // namespace dragonet
