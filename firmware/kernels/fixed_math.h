// exp, log, 1 / x and 1 / sqrt(x) of fixed-point numbers, bit for bit as TensorFlow Lite Micro's reference kernels work
// them out. Numbers called Qn have n integer bits beside the sign. Source of the series and the Newton steps: gemmlowp
// fixedpoint/fixedpoint.h, exp_on_negative_values and one_over_one_plus_x_for_x_in_0_1; TensorFlow Lite Micro,
// kernels/internal/common.h, GetReciprocal, GetInvSqrtQuantizedMultiplierExp and
// log_x_for_x_greater_than_or_equal_to_1.
#pragma once

#include "kernels/fixed_point.h"

namespace dragonet {

/// 0 to 32.
inline int leading_zeros(uint32_t x) {
  int count = 0;
  for (; count < 32 && !(x & 0x80000000u); x <<= 1) ++count;
  return count;
}

/// x * 2^exponent, saturated to 32 bits. exponent: 0 to 31.
inline int32_t saturating_shift_left(int32_t x, int exponent) {
  const int32_t limit = (int32_t)((uint32_t)0x7fffffff >> exponent);
  if (x > limit) return INT32_MAX;
  if (x < -limit - 1) return INT32_MIN;
  return (int32_t)((uint32_t)x << exponent);
}

/// exp(a) in Q0, of a Q0 in [-1/4, 0): four terms of the series around -1/8.
inline int32_t exp_small(int32_t a) {
  const int32_t exp_of_minus_eighth = 1895147668, one_third = 715827883;
  const int32_t x = a + ((int32_t)1 << 28);
  const int32_t x2 = doubling_high_multiply(x, x), x3 = doubling_high_multiply(x2, x);
  const int32_t x4 = doubling_high_multiply(x2, x2);
  const int32_t tail = doubling_high_multiply(rounding_shift_right(x4, 2) + x3, one_third) + x2;
  return exp_of_minus_eighth + doubling_high_multiply(exp_of_minus_eighth, x + rounding_shift_right(tail, 1));
}

/// exp(a) in Q0, of a Q5 that is not positive: the fraction by the series, whole quarters by a product per bit.
inline int32_t exp_on_negative(int32_t a) {
  static const int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308,
                                    39332535,   720401,     242};  // exp(-2^n/4)
  if (a == 0) return INT32_MAX;
  const int32_t quarter = (int32_t)1 << 24;
  const int32_t fraction = (a & (quarter - 1)) - quarter;
  int32_t result = exp_small(saturating_shift_left(fraction, 5));
  const int32_t quarters = fraction - a;
  for (int bit = 0; bit < 7; ++bit)
    if (quarters & (quarter << bit)) result = doubling_high_multiply(result, factors[bit]);
  return result;
}

/// 1 / (1 + a) in Q0, of a Q0 in [0, 1): three Newton steps on half the denominator.
inline int32_t one_over_one_plus(int32_t a) {
  const int32_t half_denominator = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
  int32_t x = 1515870810 + doubling_high_multiply(half_denominator, -1010580540);  // Q2: 48/17 - 32/17 * d
  for (int step = 0; step < 3; ++step) {
    const int32_t error = ((int32_t)1 << 29) - doubling_high_multiply(half_denominator, x);
    x += saturating_shift_left(doubling_high_multiply(x, error), 2);
  }
  return saturating_shift_left(x, 1);
}

/// A positive factor as rescale() takes it.
struct FixedFactor {
  int32_t multiplier;
  int shift;
};

/// 1 / x, x at least 1.
inline FixedFactor reciprocal_of(int32_t x) {
  const int zeros = leading_zeros((uint32_t)x);
  const FixedFactor factor = {one_over_one_plus((int32_t)(((uint32_t)x << zeros) - 0x80000000u)), zeros - 31};
  return factor;
}

/// 1 / sqrt(x), x at least 0; of 0 it is that of 1. Five Newton steps from 1 on a Q3 between 1/4 and 1.
inline FixedFactor inverse_sqrt_of(int32_t x) {
  FixedFactor factor = {INT32_MAX, 0};
  if (x <= 1) return factor;
  factor.shift = -11;
  for (; x >= (int32_t)1 << 29; x /= 4) --factor.shift;
  const int pairs = (leading_zeros((uint32_t)x) - 1) / 2 - 1;
  factor.shift += pairs;
  const int32_t q3 = (int32_t)((uint32_t)x << (2 * pairs)) >> 1, half = rounding_shift_right(q3, 1);
  const int32_t three_halves = ((int32_t)1 << 28) + ((int32_t)1 << 27);
  int32_t root = (int32_t)1 << 28;
  for (int step = 0; step < 5; ++step) {
    const int32_t cube = saturating_shift_left(doubling_high_multiply(doubling_high_multiply(root, root), root), 6);
    const int32_t next = doubling_high_multiply(three_halves, root) - doubling_high_multiply(half, cube);
    root = saturating_shift_left(next, 3);
  }
  factor.multiplier = doubling_high_multiply(root, 1518500250);  // sqrt(1/2)
  if (factor.shift > 0) factor.multiplier = (int32_t)((uint32_t)factor.multiplier << factor.shift), factor.shift = 0;
  return factor;
}

/// log(x) in Q5, of a Q12 that is at least 1. The logarithm of 2 times the nearest power of two in quarters, and a
/// quotient of polynomials for what is left, which lies around 2^(-1/4).
inline int32_t log_of_q12(int32_t x) {
  const int32_t log_2 = 1488522236, root_of_half = 1518500250, fourth_root_of_half = 1805811301;
  const int32_t quarter = (int32_t)1 << 23, one = (int32_t)1 << 25;  // Q6
  // Two ways to write x as a power of two times something near to 1: as it is, and times sqrt(1/2).
  const int zeros_a = leading_zeros((uint32_t)x),
            zeros_b = leading_zeros((uint32_t)doubling_high_multiply(x, root_of_half)) - 1;
  const int32_t near_a =
      saturating_shift_left(doubling_high_multiply(saturating_shift_left(x, zeros_a - 1), root_of_half), 1);
  const int32_t near_b = saturating_shift_left(x, zeros_b);
  const int32_t power_a = (12 - zeros_a) * one + quarter, power_b = (12 - zeros_b) * one - quarter;
  const int32_t r = near_a < near_b ? near_a : near_b, power = power_a > power_b ? power_a : power_b;
  const int32_t p = (int32_t)(((int64_t)r + fourth_root_of_half + 1) >> 1);
  const int32_t q = (r - fourth_root_of_half) * 2, q2 = doubling_high_multiply(q, q);
  const int32_t numerator =
      doubling_high_multiply(q, r) + doubling_high_multiply(doubling_high_multiply(q, q2), 117049297);
  const int32_t inner = 1057819769 + q + doubling_high_multiply(127690142, q2);
  const int32_t denominator = doubling_high_multiply(p, inner) + doubling_high_multiply(638450708, q);  // less 1
  const int32_t rest = doubling_high_multiply(rounding_shift_right(numerator, 6), one_over_one_plus(denominator));
  return saturating_shift_left(doubling_high_multiply(power, log_2) + rest, 1);
}

}  // namespace dragonet
