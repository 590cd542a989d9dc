// Sums and differences. Integers are brought to one scale, twice the larger of the inputs', with so many bits more than
// they have that the sum needs all of 32; it is then brought to the output's.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_point.h"

namespace dragonet {

/// From the difference to a zero point to the common scale. Multipliers are below 1, so no shift is positive.
struct AddInput {
  int32_t multiplier;
  int8_t shift, zero_point;
};

/// sign 1: first + second; -1: first - second. left_shift 20 for int8, 15 for int16.
template <int left_shift, int sign>
struct Add {
  AddInput first, second;
  int32_t multiplier;
  int16_t zero_point, min, max;
  int8_t shift;
  static int32_t term(const AddInput& input, int32_t q) {
    return rescale((q - input.zero_point) * ((int32_t)1 << left_shift), input.multiplier, input.shift);
  }
  int32_t of(int32_t a, int32_t b) const {
    const int32_t sum = term(first, a) + sign * term(second, b);
    return clamp_value(rescale(sum, multiplier, shift) + zero_point, (int32_t)min, (int32_t)max);
  }
};

template <int sign>
struct RealAdd {
  float min, max;
  float of(float a, float b) const { return clamp_value(sign > 0 ? a + b : a - b, min, max); }
};

}  // namespace dragonet
