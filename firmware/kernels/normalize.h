// The logarithm of softmax over the last dimension: int8 to int8 with scale 1/16 and zero point 127, in fixed point,
// bit for bit as TensorFlow Lite Micro's reference (kernels/internal/reference/log_softmax.h); floats. And values
// divided by their Euclidean length: int8 to int8 with scale 1/128 and zero point 0; floats.
#pragma once

#include "kernels/softmax.h"

namespace dragonet {

struct LogSoftmax {
  typedef int8_t Value;
  Softmax softmax;
  int32_t reverse_multiplier;  // with shift: from Q5 to differences of logits, as for rescale()
  int8_t reverse_shift;        // at most 0
};

/// row and out [channels].
inline void normalize(const LogSoftmax& log_softmax, const int8_t* row, int8_t* out) {
  const Softmax& softmax = log_softmax.softmax;
  const int32_t largest = largest_of(row, softmax.channels);
  int32_t sum = 0;  // Q12
  for (int32_t c = 0; c < softmax.channels; ++c)
    if (row[c] - largest >= softmax.diff_min)
      sum += rounding_shift_right(exp_on_negative(exponent_of(softmax, row[c] - largest)), 12);
  const int32_t log_sum = log_of_q12(sum);  // Q5
  // What is so small that the difference of the logarithms has no Q5 becomes the least.
  const int32_t least = rescale(log_sum + INT32_MIN, log_softmax.reverse_multiplier, log_softmax.reverse_shift);
  const int32_t limit = least > softmax.diff_min - 1 ? least : softmax.diff_min - 1;
  for (int32_t c = 0; c < softmax.channels; ++c) {
    const int32_t diff = row[c] - largest;
    out[c] = -128;
    if (diff > limit)
      out[c] = clamp_to(rounding_shift_right(exponent_of(softmax, diff) - log_sum, 22) + 127, -128, 127);
  }
}

struct LogSoftmaxReal {
  typedef float Value;
  int32_t channels;
};

inline void normalize(const LogSoftmaxReal& log_softmax, const float* row, float* out) {
  const float largest = largest_of(row, log_softmax.channels);
  float sum = 0;
  for (int32_t c = 0; c < log_softmax.channels; ++c) sum += real_exp(row[c] - largest);
  const float log_sum = real_log(sum);
  for (int32_t c = 0; c < log_softmax.channels; ++c) out[c] = row[c] - largest - log_sum;
}

struct L2Norm {
  typedef int8_t Value;
  int16_t channels;
  int8_t zero_point;  // of the input
};

inline void normalize(const L2Norm& norm, const int8_t* row, int8_t* out) {
  int32_t sum = 0;
  for (int32_t c = 0; c < norm.channels; ++c) {
    const int32_t steps = row[c] - norm.zero_point;
    sum += steps * steps;
  }
  const FixedFactor inverse = inverse_sqrt_of(sum);
  for (int32_t c = 0; c < norm.channels; ++c)
    out[c] = clamp_to(rescale(row[c] - norm.zero_point, inverse.multiplier, inverse.shift + 7), -128, 127);
}

struct L2NormReal {
  typedef float Value;
  int32_t channels;
};

inline void normalize(const L2NormReal& norm, const float* row, float* out) {
  float sum = 0;
  for (int32_t c = 0; c < norm.channels; ++c) sum += row[c] * row[c];
  const float root = real_sqrt(sum), length = root > 1e-6f ? root : 1e-6f;
  for (int32_t c = 0; c < norm.channels; ++c) out[c] = row[c] / length;
}

inline int32_t channels_of(const LogSoftmax& log_softmax) { return log_softmax.softmax.channels; }
template <typename Kind>
inline int32_t channels_of(const Kind& kind) {
  return kind.channels;
}

/// Output row y, of the input row's size: every `channels` values by themselves.
template <typename Kind>
inline void normalize_row(const Kind& kind, const RowsIn& in, int y, int8_t* out) {
  typedef typename Kind::Value Value;
  const uint32_t bytes = (uint32_t)channels_of(kind) * sizeof(Value);
  for (uint32_t at = 0; at < in.row_bytes; at += bytes)
    normalize(kind, (const Value*)(in.row(y) + at), (Value*)(out + at));
}

}  // namespace dragonet
