// From sums of products to output values, per output channel: rescaled and clamped. Kernels that multiply are written
// once, for three arithmetics: int8, int16 activations with int8 weights, and float.
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

/// The output value of channel c, 0 <= c < out_channels; sum: its products and its bias.
inline int8_t finished(const Channels<Int8>& channels, int32_t c, int32_t sum) {
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
