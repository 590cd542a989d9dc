// How far the chip's functions of floats are from the exact ones, in units in the last place (ULP).
#include "kernels/real_math.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <limits>

using namespace dragonet;

static float float_of(std::uint32_t bits) {
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/// An infinity or no number where it should not be is infinitely far. Below the least normal float steps are even.
static double ulps_apart(float actual, double exact) {
  const auto rounded = static_cast<float>(exact);
  if (std::isnan(exact) || std::isinf(rounded))
    return actual == rounded || (std::isnan(exact) && std::isnan(actual)) ? 0 : INFINITY;
  const float size = std::max(std::abs(rounded), std::numeric_limits<float>::min());
  const double apart = std::abs(actual - exact) / (std::nextafter(size, INFINITY) - size);
  return std::isnan(apart) ? INFINITY : apart;
}

/// Over every 251st of all floats, not numbers and infinities among them.
template <typename Exact>
static double farthest(float (*function)(float), Exact exact) {
  double most = 0;
  for (std::uint64_t bits = 0; bits <= UINT32_MAX; bits += 251) {
    const float x = float_of(static_cast<std::uint32_t>(bits));
    most = std::max(most, ulps_apart(function(x), exact(double{x})));
  }
  return most;
}

TEST_CASE("real_exp, real_tanh and real_logistic are within 1, 1.4 and 2.5 ULP of the exact values, for any float") {
  CHECK(farthest(real_exp, [](double x) { return std::exp(x); }) < 1);
  CHECK(farthest(real_tanh, [](double x) { return std::tanh(x); }) < 1.4);
  CHECK(farthest(real_logistic, [](double x) { return 1 / (1 + std::exp(-x)); }) < 2.5);
}

TEST_CASE("real_exp is right where it becomes infinite, subnormal and 0") {
  for (const float edge : {88.7228394f, -87.3365479f, -103.972084f})
    for (float x = edge - 1e-4f; x < edge + 1e-4f; x = std::nextafter(x, INFINITY))
      CHECK(ulps_apart(real_exp(x), std::exp(double{x})) < 1);
  CHECK(real_exp(0) == 1);
  CHECK(real_exp(INFINITY) == INFINITY);
  CHECK(real_exp(-INFINITY) == 0);
}

TEST_CASE("real_tanh and real_logistic keep symmetry, small values and what is no number") {
  CHECK(real_tanh(1e-20f) == 1e-20f);
  CHECK(real_tanh(-2) == -real_tanh(2));
  CHECK(real_tanh(-INFINITY) == -1);
  CHECK(std::isnan(real_tanh(NAN)));
  CHECK(real_logistic(0) == 0.5f);
  CHECK(real_logistic(-80) == Approx(std::exp(-80.0)));
  CHECK(real_logistic(INFINITY) == 1);
  CHECK(std::isnan(real_logistic(NAN)));
}
