// The logistic function and tanh of int16, brought to the table's scale, and of floats.
#pragma once

#include "kernels/real_math.h"
#include "kernels/rows.h"
#include "kernels/sigmoid_table.h"
#include "kernels/unary.h"

namespace dragonet {

/// From the input's scale to 1 / (3 * 4096).
struct SigmoidInput {
  int32_t multiplier, half;  // half of 2^shift, or 0
  int8_t shift;
  int32_t of(int32_t q) const { return (q * multiplier + half) >> shift; }
};

struct Logistic {
  SigmoidInput input;
  int32_t of(int32_t q) const { return int16_logistic(input.of(q)); }
};

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
