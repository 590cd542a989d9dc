// Quotients, remainders, powers and squared differences of two values, as Function of binary.h. What is divided by 0
// becomes the largest or the least that there is, as its sign is; 0 stays 0.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_math.h"
#include "kernels/real_math.h"

namespace dragonet {

/// Of int8: in fixed point, as TensorFlow Lite Micro's reference.
struct Div {
  int32_t multiplier;  // with shift: first scale / (second scale * output scale), as for rescale()
  int8_t shift, first_zero_point, second_zero_point, zero_point, min, max;  // from zero_point on of the output
  int32_t of(int32_t a, int32_t b) const {
    int32_t dividend = a - first_zero_point, divisor = b - second_zero_point;
    if (divisor < 0) dividend = -dividend, divisor = -divisor;
    if (dividend == 0) return clamp_value((int32_t)zero_point, (int32_t)min, (int32_t)max);
    if (divisor == 0) return dividend < 0 ? min : max;
    return clamp_value(quotient(dividend, divisor) + zero_point, (int32_t)min, (int32_t)max);
  }
  /// dividend: -255 to 255, not 0; divisor: 1 to 255.
  int32_t quotient(int32_t dividend, int32_t divisor) const {
    const FixedFactor inverse = reciprocal_of(divisor);
    const int headroom = leading_zeros((uint32_t)(dividend < 0 ? ~dividend : dividend)) - 1;
    // -1 shifted by 31 is the least number.
    const int32_t shifted = (int32_t)((uint32_t)dividend << headroom);
    const int32_t scaled = doubling_high_multiply(shifted, inverse.multiplier);
    const int right = headroom - inverse.shift - shift;  // 0 or more
    return right > 31 ? 0 : rounding_shift_right(doubling_high_multiply(scaled, multiplier), right);
  }
};

/// Of int32 that are their own values: whole quotients, cut off towards 0 or (floor) towards the smaller.
template <bool is_floor>
struct PlainDiv {
  int32_t min, max;  // of a fused activation; all of int32 without one
  int32_t of(int32_t a, int32_t b) const {
    if (b == 0) return a == 0 ? clamp_value((int32_t)0, min, max) : a < 0 ? min : max;
    if (b == -1) return clamp_value((int32_t)(0 - (uint32_t)a), min, max);  // the least has no opposite and stays
    const int32_t quotient = a / b;
    return clamp_value(is_floor && quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient, min, max);
  }
};

/// What is left of a whole quotient towards the smaller, with the divisor's sign; 0 where that is 0.
struct PlainMod {
  int32_t of(int32_t a, int32_t b) const {
    if (b == 0 || b == -1) return 0;
    const int32_t rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }
};

/// Powers wrap around; of a negative exponent what is left of 1 / base^n, cut off.
struct PlainPow {
  int32_t of(int32_t base, int32_t exponent) const {
    if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
    uint32_t power = 1;
    for (uint32_t square = (uint32_t)base; exponent > 0; exponent >>= 1, square *= square)
      if (exponent & 1) power *= square;
    return (int32_t)power;
  }
};

/// From an input's difference to its zero point to the common scale, as for rescale(). shift is at most 0.
struct DifferenceInput {
  int32_t multiplier;
  int8_t shift, zero_point;
};

/// left_shift: 7 for int8, 0 for int16.
template <int left_shift>
struct SquaredDifference {
  DifferenceInput first, second;
  int32_t multiplier;            // with shift: from the common scale's square to the output's
  int16_t zero_point, min, max;  // of the output, whose type holds them
  int8_t shift;
  static int32_t term(const DifferenceInput& input, int32_t q) {
    return rescale((q - input.zero_point) * ((int32_t)1 << left_shift), input.multiplier, input.shift);
  }
  int32_t of(int32_t a, int32_t b) const {
    const int32_t difference = term(first, a) - term(second, b);
    return clamp_value(rescale(difference * difference, multiplier, shift) + zero_point, (int32_t)min, (int32_t)max);
  }
};

struct PlainSquaredDifference {
  int32_t of(int32_t a, int32_t b) const {
    const uint32_t difference = (uint32_t)a - (uint32_t)b;
    return (int32_t)(difference * difference);
  }
};

struct RealDiv {
  float min, max;  // of a fused activation; infinite without one
  float of(float a, float b) const { return clamp_value(a / b, min, max); }
};

struct RealFloorDiv {
  float of(float a, float b) const { return real_floor(a / b); }
};

struct RealFloorMod {
  float of(float a, float b) const { return real_floor_mod(a, b); }
};

struct RealPow {
  float of(float a, float b) const { return real_pow(a, b); }
};

struct RealSquaredDifference {
  float of(float a, float b) const { return (a - b) * (a - b); }
};

}  // namespace dragonet
