#include "features/log2.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace dragonet;

TEST_CASE("log2 in fixed point is within 0.0003, from 1 to the largest integer") {
  double worst = 0;
  const auto check = [&](std::uint64_t x) {
    worst = std::max(worst, std::abs(log2_q16(x) / 65536.0 - std::log2(double(x))));
  };
  for (std::uint64_t x = 1; x < 200'000; ++x) check(x);
  std::mt19937_64 random(3);
  for (int i = 0; i < 200'000; ++i) check((random() | 1) >> random() % 64 | 1);
  check(UINT64_MAX);
  CHECK(worst < 0.0003);
}

TEST_CASE("powers of two are exact both ways") {
  for (int bits = 0; bits < 64; ++bits) CHECK(log2_q16(std::uint64_t{1} << bits) == bits * 65536);
  for (int whole = -16; whole <= 47; ++whole) CHECK(double(exp2_q16(whole * 65536)) == std::exp2(whole + 16));
}

TEST_CASE("2^x in fixed point is within 0.02 % and what its last place is worth, and 0 where there is none") {
  for (int x = -20 * 65536; x < 47 * 65536; x += 37) {
    const double expected = std::exp2(x / 65536.0 + 16);
    REQUIRE(std::abs(double(exp2_q16(x)) - expected) <= 0.0002 * expected + 1);
  }
  CHECK(exp2_q16(-100 * 65536) == 0);
}

TEST_CASE("an integer's bits are counted up to its highest") {
  CHECK(bit_length(0) == 0);
  CHECK(bit_length(1) == 1);
  CHECK(bit_length(0x8000) == 16);
  CHECK(bit_length(0xffffffff) == 32);
}
