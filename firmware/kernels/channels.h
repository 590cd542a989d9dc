// From sums of products to output values, per output channel: rescaled and clamped. Kernels that multiply are written
// once, for four arithmetics: int8, int8 with a zero point of the weights, int16 activations with int8 weights, and
// float.
#pragma once

#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

/// Types of activations (Value), weights, and sums of their products.
struct Int8 {
  typedef int8_t Value;
  typedef int8_t Weight;
  typedef int32_t Sum;
};

/// Weights have a zero point, too, as TensorFlow 1 quantized them.
struct Int8Affine {
  typedef int8_t Value;
  typedef int8_t Weight;
  typedef int32_t Sum;
};

/// Sums fit in 48 bits.
struct Int16 {
  typedef int16_t Value;
  typedef int8_t Weight;
  typedef int64_t Sum;
};

struct Real {
  typedef float Value;
  typedef float Weight;
  typedef float Sum;
};

template <typename Arithmetic>
struct Channels {
  const typename Arithmetic::Sum* bias;             // [out_channels], from which in_zero_point * sum(weights) was taken
  const int32_t* multiplier;                        // [out_channels], as for rescale()
  const int8_t* shift;                              // [out_channels], as for rescale() or rescale_wide()
  typename Arithmetic::Value zero_point, min, max;  // of the output; 0 the zero point of int16
};

template <>
struct Channels<Real> {
  const float* bias;  // [out_channels]
  float min, max;
};

template <>
struct Channels<Int8Affine> {
  const int32_t* bias;  // [out_channels], from which in_zero_point * sum(weights - weights_zero_point) was taken
  const int32_t* multiplier;
  const int8_t* shift;
  int8_t zero_point, min, max, weights_zero_point;
};

/// What the weights' zero point adds to each sum of products with `count` values, `step` elements apart: sum((w - z) *
/// x) = sum(w * x) - z * sum(x), and the latter is the same for all channels that see these values.
template <typename Arithmetic>
inline typename Arithmetic::Sum weights_offset(const Channels<Arithmetic>&, const typename Arithmetic::Value*, int32_t,
                                               int32_t = 1) {
  return 0;
}
inline int32_t weights_offset(const Channels<Int8Affine>& channels, const int8_t* values, int32_t count,
                              int32_t step = 1) {
  int32_t sum = 0;
  for (; count > 0; --count, values += step) sum += *values;
  return -sum * channels.weights_zero_point;
}

/// The output value of channel c, 0 <= c < out_channels; sum: its products and its bias.
inline int8_t finished(const Channels<Int8>& channels, int32_t c, int32_t sum) {
  const int32_t scaled = rescale(sum, channels.multiplier[c], channels.shift[c]) + channels.zero_point;
  return clamp_to(scaled, channels.min, channels.max);
}

inline int8_t finished(const Channels<Int8Affine>& channels, int32_t c, int32_t sum) {
  const int32_t scaled = rescale(sum, channels.multiplier[c], channels.shift[c]) + channels.zero_point;
  return clamp_to(scaled, channels.min, channels.max);
}

inline int16_t finished(const Channels<Int16>& channels, int32_t c, int64_t sum) {
  const int32_t scaled = rescale_wide(sum, channels.multiplier[c], channels.shift[c]);
  return clamp_value(scaled, channels.min, channels.max);
}

inline float finished(const Channels<Real>& channels, int32_t, float sum) {
  return clamp_value(sum, channels.min, channels.max);
}

}  // namespace dragonet
