// Sums to int8 outputs by one product of 32 bits, where TensorFlow Lite's two roundings take a product of 64. The
// estimate of an output is a fixed-point number with 23 bits behind the point. Where those bits lie within `doubt` of a
// rounding edge, the exact way decides. The compiler has proved, for each channel and each of its at most 255 edges,
// that elsewhere both agree (ops/output_estimates.h).
#pragma once

#include "kernels/channels.h"

namespace dragonet {

/// Of one output channel.
struct Estimate {
  int32_t low, high;  // sums beyond these give -128 and 127
  int32_t multiplier, offset;
};

/// Outputs are estimated over all of int8; a row of them is then clamped to exact.min and exact.max.
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

/// How estimates are taken, apart from the channels they are of: copies that stay in registers while outputs are
/// written.
struct Estimating {
  uint32_t doubt;
  int shift;
  explicit Estimating(const EstimatedChannels& channels) : doubt(channels.doubt), shift(channels.shift) {}

  /// The output, with estimate_bits bits behind the point; of a sum within the estimate's bounds.
  uint32_t fixed(const Estimate& estimate, int32_t sum) const {
    return (uint32_t)(sum >> shift) * (uint32_t)estimate.multiplier + (uint32_t)estimate.offset;
  }
  /// Seldom; the compiler lays out its code so.
  bool is_in_doubt(uint32_t fixed) const { return __builtin_expect(fixed << (32 - estimate_bits) < doubt, 0); }
};

/// The output value of channel c, not yet clamped; sum: its products, without its bias.
inline int8_t finished(const EstimatedChannels& channels, const Estimating& estimating, const Estimate& estimate,
                       int32_t c, int32_t sum) {
  if (sum < estimate.low) return -128;
  if (sum > estimate.high) return 127;
  const uint32_t fixed = estimating.fixed(estimate, sum);
  if (estimating.is_in_doubt(fixed)) return exactly_finished(channels.exact, c, sum);
  return (int8_t)((int32_t)fixed >> estimate_bits);
}

}  // namespace dragonet
