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

TEST_CASE("real_sqrt is the nearest float, real_log within 1 ULP, for any float") {
  CHECK(farthest(real_sqrt, [](double x) { return std::sqrt(x); }) <= 0.5);
  CHECK(farthest(real_log, [](double x) { return std::log(x); }) < 1);
}

TEST_CASE("real_sqrt, real_log, real_floor and real_round at their edges") {
  CHECK(real_sqrt(0) == 0);
  CHECK(std::isnan(real_sqrt(-1)));
  CHECK(real_sqrt(1e-45f) == std::sqrt(1e-45f));
  CHECK(real_log(0) == -INFINITY);
  CHECK(std::isnan(real_log(-1)));
  CHECK(real_log(1) == 0);
  for (const float x : {-2.5f, -1.5f, -0.5f, 0.49999997f, 0.5f, 1.5f, 8388607.5f, 1e30f, -1e30f}) {
    CHECK(real_floor(x) == std::floor(x));
    CHECK(real_round(x) == std::nearbyint(x));
  }
}

TEST_CASE("real_sin and real_cos are within 2e-7 of the exact values, real_erf within 6e-7") {
  double most = 0, most_of_erf = 0;
  for (float x = -1000; x < 1000; x += 0.0137f) {
    most = std::max(most, std::abs(real_sin(x) - std::sin(double{x})));
    most = std::max(most, std::abs(real_cos(x) - std::cos(double{x})));
    most_of_erf = std::max(most_of_erf, std::abs(real_erf(x / 100) - std::erf(double{x / 100})));
  }
  CHECK(most < 2e-7);
  CHECK(most_of_erf < 6e-7);
  CHECK(real_sin(1e6f) == Approx(std::sin(1e6)).margin(2e-7));
  CHECK(std::isnan(real_cos(INFINITY)));
}

TEST_CASE("real_pow is within 1e-5 of the exact value, and as C's where that is no number, infinite or 0") {
  for (const float base : {0.01f, 0.5f, 0.999f, 1.001f, 1.3f, 7.0f, 1000.0f})
    for (float exponent = -12; exponent < 12; exponent += 0.173f)
      CHECK(real_pow(base, exponent) == Approx(std::pow(double{base}, double{exponent})).epsilon(1e-5));
  for (const float base : {-2.0f, -0.0f, 0.0f, INFINITY, -INFINITY})
    for (const float exponent : {-3.0f, -2.0f, -0.5f, 0.0f, 0.5f, 2.0f, 3.0f}) {
      const float exact = std::pow(base, exponent);
      INFO(base << "^" << exponent);
      CHECK((std::isnan(exact) ? std::isnan(real_pow(base, exponent)) : real_pow(base, exponent) == Approx(exact)));
    }
}

TEST_CASE("real_floor_mod leaves what fmod leaves, with the divisor's sign") {
  CHECK(real_floor_mod(7, 3) == 1);
  CHECK(real_floor_mod(-7, 3) == 2);
  CHECK(real_floor_mod(7, -3) == -2);
  CHECK(real_floor_mod(6, 3) == 0);
  CHECK(real_floor_mod(1e30f, 0.7f) == std::fmod(1e30f, 0.7f));
  CHECK(std::isnan(real_floor_mod(1, 0)));
}
