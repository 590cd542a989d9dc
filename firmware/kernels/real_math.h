// Functions of floats without a library: the emitted code links none, and one source gives the same answers everywhere.
// exp, tanh and the logistic function: Range reduction, then a polynomial whose largest relative error is the least
// possible (Remez), then, where a quotient is needed, one division. The largest errors over all floats
// (src/ops/real_math_test.cpp): exp 0.98 ULP, tanh 1.34, logistic 2.41. The others say theirs.
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

inline uint32_t bits_of(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

inline float float_of_bits(uint32_t bits) {
  float x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

/// The whole number at or below x. From 2^23 on every float is whole.
inline float real_floor(float x) {
  if (!(x > -8388608.0f && x < 8388608.0f)) return x;
  const float whole = (float)(int32_t)x;
  return whole > x ? whole - 1 : whole;
}

/// The nearest whole number; of two the even one.
inline float real_round(float x) {
  const float below = real_floor(x), rest = x - below;
  if (rest < 0.5f) return below;
  return rest > 0.5f || real_floor(below / 2) * 2 != below ? below + 1 : below;
}

/// The float nearest to the root, digit by digit as by hand: no division, no multiplication. Below 0: no number.
inline float real_sqrt(float x) {
  if (!(x > 0)) return x == 0 ? x : __builtin_nanf("");
  if (x == __builtin_inff()) return x;
  const bool is_tiny = x < 1.17549435e-38f;
  const uint32_t bits = bits_of(is_tiny ? x * 16777216.0f : x);
  const int32_t exponent = (int32_t)(bits >> 23) - (is_tiny ? 151 : 127), half = exponent >> 1;
  const uint32_t mantissa = (bits & 0x7fffff) | 0x800000;
  uint32_t rest = mantissa << (exponent & 1 ? 2 : 1), root = 0, twice = 0;
  for (uint32_t digit = (uint32_t)1 << 24; digit != 0; digit >>= 1, rest <<= 1)
    if (twice + digit <= rest) {
      rest -= twice + digit;
      twice += 2 * digit;
      root += digit;
    }
  root = (root + 1) >> 1;  // 24 bits of 25; a root is never halfway
  return float_of_bits(((uint32_t)(half + 126) << 23) + root);
}

/// The natural logarithm, within 1 ULP. Of 0: minus infinity; below: no number. From (m - 1) / (m + 1) of the mantissa,
/// m between sqrt(1/2) and sqrt(2), by a series; ln 2 in two, so that its first part times the exponent is exact.
inline float real_log(float x) {
  if (!(x > 0)) return x == 0 ? -__builtin_inff() : __builtin_nanf("");
  if (x == __builtin_inff()) return x;
  const bool is_tiny = x < 1.17549435e-38f;
  const uint32_t bits = bits_of(is_tiny ? x * 8388608.0f : x);
  const int32_t exponent = (int32_t)(bits - 0x3f3504f3) >> 23;
  const float power = (float)(is_tiny ? exponent - 23 : exponent);
  const float f = float_of_bits(bits - ((uint32_t)exponent << 23)) - 1, s = f / (2 + f), z = s * s, half = f * f / 2;
  const float tail = z * (0.666666667f + z * (0.4f + z * (0.285714286f + z * 0.222222222f)));
  return power * 0.693145752f - (half - (s * (half + tail) + power * 1.42860677e-6f) - f);
}

/// A quarter of a turn more or less around 0, and how many quarters lie before it. Beyond 1e9 floats are whole turns
/// apart: there any angle is as right.
struct Angle {
  float rest;
  int32_t quarters;
};

inline Angle angle_of(float x) {
  Angle angle = {x - x, 0};  // no number of what is infinite
  if (!(x > -1e9f && x < 1e9f)) return angle;
  const double quarters = x * 0.63661977236758134;
  angle.quarters = (int32_t)(quarters + (x < 0 ? -0.5 : 0.5));
  angle.rest = (float)(x - angle.quarters * 1.5707963267948966);
  return angle;
}

/// sin or cos of the angle, within 2e-7 of the exact value, where the angle is below 1e6.
inline float real_sine(Angle angle) {
  const float x = angle.rest, z = x * x;
  const float sine = x + x * z * (-0.166666667f + z * (0.00833333333f + z * (-1.98412698e-4f + z * 2.75573192e-6f)));
  const float cosine =
      1 - z / 2 + z * z * (0.0416666667f + z * (-0.00138888889f + z * (2.48015873e-5f - z * 2.75573192e-7f)));
  const float value = angle.quarters & 1 ? cosine : sine;
  return angle.quarters & 2 ? -value : value;
}

inline float real_sin(float x) { return real_sine(angle_of(x)); }
inline float real_cos(float x) {
  Angle angle = angle_of(x);
  ++angle.quarters;
  return real_sine(angle);
}

/// The error function, within 6e-7 of the exact value. Source: Abramowitz and Stegun, 7.1.26.
inline float real_erf(float x) {
  const float size = x < 0 ? -x : x, t = 1 / (1 + 0.3275911f * size);
  const float sum = 0.254829592f + t * (-0.284496736f + t * (1.421413741f + t * (-1.453152027f + t * 1.061405429f)));
  const float result = 1 - t * sum * real_exp(-size * size);
  return x < 0 ? -result : result;
}

/// base^exponent, within 1e-5 of the exact value; as C's pow where that is no number, infinite or 0.
inline float real_pow(float base, float exponent) {
  if (exponent == 0 || base == 1) return 1;
  const bool is_whole = real_floor(exponent) == exponent;
  const bool is_odd = is_whole && real_floor(exponent / 2) * 2 != exponent;
  if (base < 0 && !is_whole && base > -__builtin_inff()) return __builtin_nanf("");
  const float size = real_exp(exponent * real_log(base < 0 ? -base : base));
  return is_odd && bits_of(base) >> 31 ? -size : size;  // of minus 0, too
}

/// What is left of a once b is taken from it as often as it goes, with b's sign. Every subtraction is exact.
inline float real_floor_mod(float a, float b) {
  const float divisor = b < 0 ? -b : b;
  float rest = a < 0 ? -a : a;
  if (!(divisor > 0) || !(rest < __builtin_inff())) return __builtin_nanf("");
  float multiple = divisor;
  while (multiple <= rest / 2) multiple *= 2;
  for (; multiple >= divisor; multiple /= 2)
    if (multiple <= rest) rest -= multiple;
  if (rest == 0) return 0;
  const float remainder = a < 0 ? -rest : rest;
  return (remainder < 0) != (b < 0) ? remainder + b : remainder;
}

}  // namespace dragonet
