// Softmax over the last dimension: int8 to int8 with scale 1/256 and zero point -128, in fixed point; int16 to int16
// with scale 1/32768, from tables; floats. Integer results equal those of TensorFlow Lite Micro's reference. Numbers
// called Qn have n integer bits beside the sign.
#pragma once

#include "kernels/fixed_math.h"
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
