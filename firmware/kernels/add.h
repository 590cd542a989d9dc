// Sums and differences, as Function of binary.h. Integers are first brought to one scale, twice the larger of the
// inputs' scales, and shifted left so far that the sum uses all of 32 bits; the sum is then brought to the output's
// scale.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_point.h"

namespace dragonet {

/// From an input's difference to its zero point to the common scale, as for rescale(). The factor is at most 1/2, so
/// shift is at most 0.
struct AddInput {
  int32_t multiplier;
  int8_t shift, zero_point;
};

/// sign 1: first + second; -1: first - second. left_shift: 20 for int8, 15 for int16.
template <int left_shift, int sign>
struct Add {
  AddInput first, second;
  int32_t multiplier;            // with shift: from the common scale to the output's, below 1
  int16_t zero_point, min, max;  // of the output, whose type holds them
  int8_t shift;
  static int32_t term(const AddInput& input, int32_t q) {
    return rescale((q - input.zero_point) * ((int32_t)1 << left_shift), input.multiplier, input.shift);
  }
  /// a, b: int8 or int16 values of the inputs. Returns min to max.
  int32_t of(int32_t a, int32_t b) const {
    const int32_t sum = term(first, a) + sign * term(second, b);
    return clamp_value(rescale(sum, multiplier, shift) + zero_point, (int32_t)min, (int32_t)max);
  }
};

/// Of int32 that are their own values; what is beyond wraps around.
template <int sign>
struct PlainAdd {
  int32_t min, max;  // of a fused activation; all of int32 without one
  int32_t of(int32_t a, int32_t b) const {
    return clamp_value((int32_t)((uint32_t)a + (uint32_t)sign * (uint32_t)b), min, max);
  }
};

template <int sign>
struct RealAdd {
  float min, max;  // of a fused activation; infinite without one
  float of(float a, float b) const { return clamp_value(sign > 0 ? a + b : a - b, min, max); }
};

}  // namespace dragonet
