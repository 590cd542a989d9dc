#include "ops/output_roundings.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "kernels/rounding.h"

using namespace dragonet;

TEST_CASE("a sum is rounded as the specification does it, whatever the factor, at halves and at the ends") {
  std::mt19937 random(4);
  const auto pick = [&](int least, int most) { return least + static_cast<int>(random() % (most - least + 1)); };
  for (int i = 0; i < 200; ++i) {
    const Multiplier factor = multiplier_of(std::exp2(-pick(11, 200) / 10.0));
    const std::int32_t zero_point = pick(-128, 127), bias = pick(-100000, 100000);
    const auto found = find_rounding(factor, zero_point, bias, 40000);
    REQUIRE(found);
    const Rounding channel{found->bias, found->multiplier, found->offset, found->shift};
    int wrong = 0;
    for (std::int32_t sum = -40000; sum <= 40000; ++sum)
      wrong += rounded(channel, sum) != std::clamp(rescale(sum + bias, factor) + zero_point, -128, 127);
    INFO("factor " << factor.multiplier << " " << factor.shift << ", zero point " << zero_point);
    CHECK(wrong == 0);
  }
}

TEST_CASE("the largest sums are rounded as the specification does it; larger ones are left to it") {
  const Multiplier factor = multiplier_of(0.3);
  const std::int32_t bias = 1 << 29, most = (1 << 29) - 1;
  const auto found = find_rounding(factor, 5, bias, most);
  REQUIRE(found);
  const Rounding channel{found->bias, found->multiplier, found->offset, found->shift};
  CHECK(rounded(channel, most) == 127);
  CHECK(rounded(channel, -bias - 400) == -115);
  CHECK_FALSE(find_rounding(factor, 5, bias, most + 1));
}

TEST_CASE(
    "a factor that is too large for a shift, or too small for the zero point beside it, is left to the plain way") {
  CHECK_FALSE(find_rounding(multiplier_of(0.75), 0, 0, 100));
  CHECK_FALSE(find_rounding(multiplier_of(0x1p-24), 0, 0, 100));
  CHECK_FALSE(find_rounding({0, 0}, 0, 0, 100));
}
