// Sums to int8 outputs, exactly, on a core that takes the rounded upper half of a product of 64 bits in one
// instruction: the first of TensorFlow Lite's two roundings is SMMULR of twice the sum. The second, a shift that takes
// halves away from zero, is a shift of the number less one where it is negative; the output's zero point is added
// before it.
#pragma once

#include "kernels/assembly.h"
#include "kernels/rows.h"

namespace dragonet {

/// Of one output channel, as ops/output_roundings.h finds it.
struct Rounding {
  int32_t bias;  // |sum + bias| < 2^30
  int32_t multiplier;
  int32_t offset;  // (zero_point << shift) + (1 << (shift - 1))
  int32_t shift;   // 1 or more
};

struct RoundedChannels {
  const Rounding* roundings;  // [out_channels]
  int8_t min, max;            // of the output
};

/// (2 * a * b + 2^31) / 2^32, downwards: as SMMULR of 2 * a and b.
inline int32_t rounded_upper_half(int32_t doubled, int32_t b) {
#if DRAGONET_CORTEX_M4
  int32_t result;
  __asm__("smmulr %0, %1, %2" : "=r"(result) : "r"(doubled), "r"(b));
  return result;
#else
  return (int32_t)(((int64_t)doubled * b + ((int64_t)1 << 31)) >> 32);
#endif
}

/// The output of a sum of products, without its bias; not yet clamped to min and max.
inline int8_t rounded(const Rounding& rounding, int32_t sum) {
  const int32_t high = rounded_upper_half(2 * (sum + rounding.bias), rounding.multiplier);
  return clamp_to((high + (high >> 31) + rounding.offset) >> rounding.shift, -128, 127);
}

// clang-format off
/// In assembly: of twice the sum and its bias. halves: one of the two below.
#define DRAGONET_ROUND(doubled, multiplier, offset, shift, halves)                                                   \
  " smmulr " doubled ", " doubled ", " multiplier "\n" halves(doubled) " add " doubled ", " doubled ", " offset "\n" \
  " asr " doubled ", " doubled ", " shift "\n ssat " doubled ", #8, " doubled "\n"
/// As the specification rounds halves; and where it does not matter for negative ones, which are clamped anyway.
#define DRAGONET_HALVES_AWAY(number) " add " number ", " number ", " number ", asr #31\n"
#define DRAGONET_HALVES_UP(number) ""
// clang-format on

}  // namespace dragonet
