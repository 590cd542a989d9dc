// Fixed-point arithmetic as TensorFlow Lite Micro's reference kernels round it, bit for bit.
// Source: gemmlowp fixedpoint/fixedpoint.h; Jacob et al. 2018, arXiv:1712.05877, section 2.2.
#pragma once

#include <stdint.h>

namespace dragonet {

/// a * b / 2^31, rounded to nearest. Not both may be INT32_MIN, which no multiplier here is. The reference adds one
/// less to a negative product and then divides towards zero; that equals adding 2^30 and flooring, for either sign.
inline int32_t doubling_high_multiply(int32_t a, int32_t b) {
  return (int32_t)(((int64_t)a * b + ((int32_t)1 << 30)) >> 31);
}

/// x / 2^exponent, rounded to nearest, halves away from zero. exponent 0 to 31.
inline int32_t rounding_shift_right(int32_t x, int exponent) {
  const int32_t mask = (int32_t)(((uint32_t)1 << exponent) - 1);
  const int32_t threshold = (mask >> 1) + (x < 0);
  return (x >> exponent) + ((x & mask) > threshold);
}

/// x * multiplier * 2^(shift - 31), rounded twice. multiplier: 2^30 to 2^31 - 1, or 0; shift: -31 to 30, where x *
/// 2^shift fits in 32 bits.
inline int32_t rescale(int32_t x, int32_t multiplier, int shift) {
  if (shift > 0) return doubling_high_multiply((int32_t)((uint32_t)x << shift), multiplier);
  return rounding_shift_right(doubling_high_multiply(x, multiplier), -shift);
}

/// The same for a sum of 48 bits: the multiplier is reduced to 16 bits, and there is one rounding, halves upward. So
/// TensorFlow Lite Micro's reference does it for int16 activations (MultiplyByQuantizedMultiplier of an int64). shift:
/// -31 to 8.
inline int32_t rescale_wide(int64_t x, int32_t multiplier, int shift) {
  const int32_t reduced = multiplier < 0x7fff0000 ? (multiplier + ((int32_t)1 << 15)) >> 16 : 0x7fff;
  return (int32_t)((x * reduced + ((int64_t)1 << (14 - shift))) >> (15 - shift));
}

}  // namespace dragonet
