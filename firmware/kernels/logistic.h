// The logistic function and tanh of int16, from a table, and of floats, as Function of unary.h. Of int8 they are
// lookup.h's.
#pragma once

#include "kernels/real_math.h"
#include "kernels/rows.h"
#include "kernels/sigmoid_table.h"
#include "kernels/unary.h"

namespace dragonet {

/// Brings an input to the table's scale, 1 / (3 * 4096): q * multiplier / 2^shift, rounded.
struct SigmoidInput {
  int32_t multiplier, half;  // half: 2^(shift - 1), or 0 where shift is 0
  int8_t shift;              // 0 or more
  int32_t of(int32_t q) const { return (q * multiplier + half) >> shift; }
};

/// To int16 with scale 1 / 32768 and zero point 0.
struct Logistic {
  SigmoidInput input;
  int32_t of(int32_t q) const { return int16_logistic(input.of(q)); }
};

/// The same.
struct Tanh {
  SigmoidInput input;
  int32_t of(int32_t q) const { return int16_tanh(input.of(q)); }
};

struct RealLogistic {
  float of(float x) const { return real_logistic(x); }
};

struct RealTanh {
  float of(float x) const { return real_tanh(x); }
};

}  // namespace dragonet
