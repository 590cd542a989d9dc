// Softmax over the last dimension: int8 to int8 with scale 1/256 and zero point -128, in fixed point; int16 to int16
// with scale 1/32768, from tables; floats. Integer results equal those of TensorFlow Lite Micro's reference. Numbers
// called Qn have n integer bits beside the sign. Source of the series and the Newton steps: gemmlowp
// fixedpoint/fixedpoint.h, exp_on_negative_values and one_over_one_plus_x_for_x_in_0_1.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/real_math.h"
#include "kernels/rows.h"

namespace dragonet {

struct Softmax {
  typedef int8_t Value;
  int32_t multiplier;  // with shift: beta * input scale, from logits to Q5
  int32_t diff_min;    // negative: where logit - largest logit is less, the result is 0
  int32_t channels;    // 1 to 4095, of the last dimension
  int8_t shift;
};

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

/// The argument of exp, Q5, not positive. diff: logit - largest logit, at least diff_min.
inline int32_t exponent_of(const Softmax& softmax, int32_t diff) {
  return doubling_high_multiply((int32_t)((uint32_t)diff << softmax.shift), softmax.multiplier);
}

/// row [count]; count 1 or more.
template <typename Value>
inline Value largest_of(const Value* row, int32_t count) {
  Value largest = row[0];
  for (int32_t c = 1; c < count; ++c)
    if (row[c] > largest) largest = row[c];
  return largest;
}

/// 0 to 32.
inline int leading_zeros(uint32_t x) {
  int count = 0;
  for (; count < 32 && !(x & 0x80000000u); x <<= 1) ++count;
  return count;
}

/// row and out [channels]. Out, int8_t or int16_t, counts from its least value.
template <typename Out>
inline void softmax_of(const Softmax& softmax, const int8_t* row, Out* out) {
  enum { bits = 8 * sizeof(Out) };
  const int32_t least = -((int32_t)1 << (bits - 1));
  const int32_t largest = largest_of(row, softmax.channels);
  int32_t sum = 0;  // Q12
  for (int32_t c = 0; c < softmax.channels; ++c)
    if (row[c] - largest >= softmax.diff_min)
      sum += rounding_shift_right(exp_on_negative(exponent_of(softmax, row[c] - largest)), 12);
  const int headroom = leading_zeros((uint32_t)sum);
  const int32_t scale = one_over_one_plus((int32_t)(((uint32_t)sum << headroom << 1 >> 1)));
  const int exponent =
      12 - headroom + 31 - bits;  // above 31, of int8 from 512 equal classes on, every share rounds to 0
  for (int32_t c = 0; c < softmax.channels; ++c) {
    out[c] = (Out)least;
    if (exponent > 31 || row[c] - largest < softmax.diff_min) continue;
    const int32_t exp = exp_on_negative(exponent_of(softmax, row[c] - largest));
    const int32_t share = rounding_shift_right(doubling_high_multiply(scale, exp), exponent) + least;
    out[c] = (Out)clamp_value(share, least, -1 - least);
  }
}

/// Both tables are [513], Q0, evenly spaced over their range.
struct SoftmaxInt16 {
  typedef int16_t Value;
  const int16_t* exp;         // exp(x), x from -10 to 0
  const int16_t* reciprocal;  // 1 / (1 + x), x from 0 to 1
  int32_t multiplier;         // with shift: from differences of logits to steps of 10 / 65535
  int32_t channels;           // 1 to 32767, of the last dimension
  int8_t shift;
};

/// x: -32768 to 32767, over the table's range; between entries, which are 128 apart, on a straight line.
inline int16_t looked_up(const int16_t* table, int32_t x) {
  const int16_t* const place = table + (256 + (x >> 7));
  return (int16_t)(place[0] + ((((int32_t)place[1] - place[0]) * (x & 127) + 64) >> 7));
}

inline int32_t saturated_16(int32_t x) { return x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x; }

/// row and out [channels]. The exponentials are kept in out until their sum is known.
inline void softmax_of(const SoftmaxInt16& softmax, const int16_t* row, int16_t* out) {
  const int16_t largest = largest_of(row, softmax.channels);
  int32_t sum = 0;  // of Q0: 16 bits before the point
  for (int32_t c = 0; c < softmax.channels; ++c) {
    const int32_t diff = rescale((int32_t)row[c] - largest, softmax.multiplier, softmax.shift);
    sum += out[c] = looked_up(softmax.exp, saturated_16(diff + INT16_MAX));
  }
  const int headroom = leading_zeros((uint32_t)sum);
  const int32_t one_to_two = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14);  // 2^16 is 1
  const int32_t share = looked_up(softmax.reciprocal, saturated_16(one_to_two - ((int32_t)3 << 15)));
  const int shift = 31 - headroom;
  for (int32_t c = 0; c < softmax.channels; ++c)
    out[c] = (int16_t)saturated_16((int32_t)(((int64_t)out[c] * share + ((int32_t)1 << (shift - 1))) >> shift));
}

struct SoftmaxReal {
  typedef float Value;
  float beta;  // a factor of the logits
  int32_t channels;
};

/// row and out [channels].
inline void softmax_of(const SoftmaxReal& softmax, const float* row, float* out) {
  const float largest = largest_of(row, softmax.channels);
  float sum = 0;
  for (int32_t c = 0; c < softmax.channels; ++c) sum += out[c] = real_exp((row[c] - largest) * softmax.beta);
  for (int32_t c = 0; c < softmax.channels; ++c) out[c] /= sum;
}

/// Output row y, of the input row's size: softmax over every `channels` values by themselves.
template <typename Numbers>
inline void softmax_row(const Numbers& softmax, const RowsIn& in, int y, int8_t* out) {
  typedef typename Numbers::Value Value;
  const uint32_t bytes = (uint32_t)softmax.channels * sizeof(Value);
  for (uint32_t at = 0; at < in.row_bytes; at += bytes)
    softmax_of(softmax, (const Value*)(in.row(y) + at), (Value*)(out + at));
}

/// The same of int8 to int16: out has two bytes for each of the row's.
inline void softmax_to_int16_row(const Softmax& softmax, const RowsIn& in, int y, int8_t* out) {
  for (uint32_t at = 0; at < in.row_bytes; at += (uint32_t)softmax.channels)
    softmax_of(softmax, in.row(y) + at, (int16_t*)out + at);
}

}  // namespace dragonet
