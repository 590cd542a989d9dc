#include "ops/output_estimates.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {
/// What the kernel does with a sum; none where it asks the exact way.
std::optional<int> estimated(const Estimates& estimates, const ChannelEstimate& channel, std::int32_t sum) {
  if (sum < channel.low) return -128;
  if (sum > channel.high) return 127;
  const std::uint32_t fixed =
      static_cast<std::uint32_t>(sum >> estimates.shift) * static_cast<std::uint32_t>(channel.multiplier) +
      static_cast<std::uint32_t>(channel.offset);
  if (fixed << 9 < estimates.doubt) return std::nullopt;
  return static_cast<std::int32_t>(fixed) >> 23;
}
}  // namespace

TEST_CASE("an estimate is right or in doubt, for every sum that can be, whatever the factor") {
  std::mt19937 random(3);
  const auto pick = [&](int least, int most) { return least + static_cast<int>(random() % (most - least + 1)); };
  for (int i = 0; i < 60; ++i) {
    const Multiplier factor = multiplier_of(std::exp2(-pick(20, 160) / 10.0));
    const std::int32_t zero_point = pick(-128, 127), most = pick(100, 60000), least = -pick(100, 60000);
    const auto found = find_estimate(factor, zero_point, least, most);
    REQUIRE(found);
    int doubtful = 0, wrong = 0;
    for (std::int32_t sum = least; sum <= most; ++sum) {
      const int exact = std::clamp(rescale(sum, factor) + zero_point, -128, 127);
      const std::optional<int> guess = estimated(*found, found->channels[0], sum);
      doubtful += !guess;
      wrong += guess && *guess != exact;
    }
    INFO("factor " << factor.multiplier << " " << factor.shift << ", zero point " << zero_point);
    CHECK(wrong == 0);
    CHECK(doubtful < (most - least) / 2);
  }
}

TEST_CASE("sums that reach far beyond the only edge are not taken for one output more") {
  for (const double factor : {0x1.8p-24, 0x1.7p-23, 0x1.fp-22, 0x1.3p-20})
    for (const std::int64_t most : {15269805, 9000000, 400000}) {
      const std::int64_t least = -4161195;
      const auto found = find_estimate(multiplier_of(factor), 0, least, most);
      if (!found) continue;
      INFO(factor << " " << most);
      int wrong = 0;
      for (std::int64_t sum = least; sum <= most; sum += sum > most - 1000 || sum < least + 1000 ? 1 : 997) {
        const auto guess = estimated(*found, found->channels[0], static_cast<std::int32_t>(sum));
        wrong +=
            guess && *guess != std::clamp(rescale(static_cast<std::int32_t>(sum), multiplier_of(factor)), -128, 127);
      }
      CHECK(wrong == 0);
    }
  CHECK(find_estimate(multiplier_of(0x1.8p-24), 0, -4161195, 15269805));
}

TEST_CASE("few outputs are in doubt where sums are large, as those of deep layers are") {
  const auto found = find_estimate(multiplier_of(0.0007), 3, -400'000, 400'000);
  REQUIRE(found);
  CHECK(found->doubtful_share() < 0.02);
}

TEST_CASE("a sum that gives the same output whatever it is needs no exact way") {
  const auto found = find_estimate(multiplier_of(1e-12), -128, -400'000, 400'000);
  REQUIRE(found);
  for (const int sum : {-400'000, 0, 400'000}) CHECK(estimated(*found, found->channels[0], sum) == -128);
}

TEST_CASE("a factor that steps over outputs is left to the exact way") {
  CHECK_FALSE(find_estimate(multiplier_of(3.5), 0, -1000, 1000));
}
