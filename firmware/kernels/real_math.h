// exp, tanh and the logistic function of floats without a library: the emitted code links none, and one source gives
// the same answers everywhere. Range reduction, then a polynomial whose largest relative error is the least possible
// (Remez), then, where a quotient is needed, one division. The largest errors over all floats
// (src/ops/real_math_test.cpp): exp 0.98 ULP, tanh 1.34, logistic 2.41.
#pragma once

#include <stdint.h>
#include <string.h>

namespace dragonet {

/// 2^exponent, exponent -126 to 127.
inline float power_of_two(int32_t exponent) {
  const uint32_t bits = (uint32_t)(exponent + 127) << 23;
  float power;
  memcpy(&power, &bits, sizeof power);
  return power;
}

/// exp(x) = 2^n * exp(r), |r| at most half of ln 2. The power is applied in two factors, since 2^128 is no float, and
/// below 2^-126 the product must be rounded only once. NaN gives NaN; above 88.72 the result is infinite.
inline float real_exp(float x) {
  if (!(x < 88.7228394f)) return x * __builtin_inff();  // the next float's exp is infinite
  if (x < -103.972084f) return 0;
  const int32_t n = (int32_t)(x * 1.44269504f + (x < 0 ? -0.5f : 0.5f));
  const float whole = (float)n;
  const float r = x - whole * 0.693145752f - whole * 1.42860677e-6f;  // ln 2 in two: n times the first is exact
  const float tail = 0.49999993f + r * (0.166665148f + r * (0.0416684564f + r * (0.00836941865f + r * 0.00138131697f)));
  const int32_t half = n / 2;
  return (1 + (r + r * r * tail)) * power_of_two(half) * power_of_two(n - half);
}

/// 1 / (1 + exp(-x)). For a negative x it is exp(x) / (1 + exp(x)), which keeps its digits.
inline float real_logistic(float x) {
  const float e = real_exp(x < 0 ? x : -x);
  return (x < 0 ? e : 1) / (1 + e);
}

/// tanh(x) for |x| up to 5/8, where a difference would lose digits.
inline float real_tanh_near_0(float x) {
  const float z = x * x;
  const float tail = 0.133314913f + z * (-0.0537434986f + z * (0.020650589f + z * -0.0057170468f));
  return x + x * z * (-0.333332839f + z * tail);
}

/// tanh(x) of any x.
inline float real_tanh(float x) {
  const float size = x < 0 ? -x : x;
  if (size < 0.625f) return real_tanh_near_0(x);
  const float result = size > 9.1f ? 1 : 1 - 2 / (1 + real_exp(2 * size));
  return x < 0 ? -result : result;
}

}  // namespace dragonet
