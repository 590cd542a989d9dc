// Comparisons of two values and logic of two truths, as Function of binary.h; they make bools. Integers with scales are
// brought to one, 2^-8, first, as TensorFlow Lite Micro's reference does.
#pragma once

#include "kernels/binary.h"
#include "kernels/fixed_point.h"

namespace dragonet {

struct Equal {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a == b;
  }
};
struct NotEqual {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a != b;
  }
};
struct Greater {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a > b;
  }
};
struct GreaterEqual {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a >= b;
  }
};
struct Less {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a < b;
  }
};
struct LessEqual {
  template <typename Value>
  static bool is(Value a, Value b) {
    return a <= b;
  }
};

/// Of values as they are.
template <typename Comparison>
struct Compare {
  template <typename Value>
  uint8_t of(Value a, Value b) const {
    return Comparison::is(a, b);
  }
};

/// From an input's difference to its zero point to the common scale, as for rescale().
struct ComparedInput {
  int32_t multiplier;
  int8_t shift, zero_point;
};

/// Of int8 or int16.
template <typename Comparison>
struct CompareScaled {
  ComparedInput first, second;
  static int32_t term(const ComparedInput& input, int32_t q) {
    return rescale((q - input.zero_point) * 256, input.multiplier, input.shift);
  }
  uint8_t of(int32_t a, int32_t b) const { return Comparison::is(term(first, a), term(second, b)); }
};

struct LogicalAnd {
  uint8_t of(uint8_t a, uint8_t b) const { return a && b; }
};
struct LogicalOr {
  uint8_t of(uint8_t a, uint8_t b) const { return a || b; }
};

}  // namespace dragonet
