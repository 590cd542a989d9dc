// Functions of one float, as Function of unary.h. Of int8 they are tables: lookup.h.
#pragma once

#include "kernels/real_math.h"
#include "kernels/unary.h"

namespace dragonet {

struct RealAbs {
  float of(float x) const { return x < 0 ? -x : x; }
};

struct RealCeil {
  float of(float x) const { return -real_floor(-x); }
};

struct RealCos {
  float of(float x) const { return real_cos(x); }
};

struct RealElu {
  float of(float x) const { return x < 0 ? real_exp(x) - 1 : x; }
};

struct RealExp {
  float of(float x) const { return real_exp(x); }
};

struct RealFloor {
  float of(float x) const { return real_floor(x); }
};

/// x times the share of the normal distribution below x.
struct RealGelu {
  float of(float x) const { return 0.5f * x * (1 + real_erf(x * 0.707106781f)); }
};

struct RealGeluTanh {
  float of(float x) const { return 0.5f * x * (1 + real_tanh(0.797884561f * (x + 0.044715f * x * x * x))); }
};

struct RealLog {
  float of(float x) const { return real_log(x); }
};

struct RealNeg {
  float of(float x) const { return -x; }
};

struct RealRound {
  float of(float x) const { return real_round(x); }
};

struct RealRsqrt {
  float of(float x) const { return 1 / real_sqrt(x); }
};

struct RealSign {
  float of(float x) const { return (float)((x > 0) - (x < 0)); }
};

struct RealSin {
  float of(float x) const { return real_sin(x); }
};

struct RealSqrt {
  float of(float x) const { return real_sqrt(x); }
};

struct RealSquare {
  float of(float x) const { return x * x; }
};

}  // namespace dragonet
