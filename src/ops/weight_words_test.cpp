#include "ops/weight_words.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("in each half of a word lies one channel's weight and 256 times another's, two taps in a word") {
  const std::vector<std::int8_t> weights{1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6, 7, 7, 7, 7, 7, 7};  // [3, 2, 3]
  const std::vector<ChannelRounding> roundings{{10, 11, 12, 13}, {-1, 21, 22, 23}, {30, 31, 32, 33}};
  const Constant in_order = channel_pairs(weights, roundings, {2, 3, false});
  const auto numbers = [](auto... all) { return comma_separated(std::vector<std::uint32_t>{std::uint32_t(all)...}); };
  CHECK(in_order.values == numbers(10, 10 - 256, 0xfe02ff01, 0xfd03, 0xfb05fc04, 0xfa06, 11, 12, 13, 21, 22, 23,  //
                                   30, 30, 0x70007, 7, 0x70007, 7, 31, 32, 33, 0, 0, 0));
  const std::vector<std::int8_t> fours{1, 2, 3, 4, -1, -2, -3, -4};  // [2, 1, 4]
  const std::vector<ChannelRounding> two(2);
  CHECK(channel_pairs(fours, two, {1, 4, true}).values == numbers(0, 0, 0xfd03ff01, 0xfc04fe02, 0, 0, 0, 0, 0, 0));
  const std::vector<std::int8_t> negative{-1, -1, -1, -1, 2, 2, 2, 2};
  CHECK(channel_pairs(negative, two, {1, 4, true}).values == numbers(0, 0, 0x01ff01ff, 0x01ff01ff, 0, 0, 0, 0, 0, 0));
}

TEST_CASE("two channels share words unless a half or the other's sum would be too large") {
  const std::vector<std::int64_t> bias{1 << 29, 100};
  CHECK(can_share_words(std::vector<std::int8_t>{-128, 127, -127, -128}, bias));
  CHECK(can_share_words(std::vector<std::int8_t>{0, 1, -128, -128}, bias));
  CHECK_FALSE(can_share_words(std::vector<std::int8_t>{0, -1, -128, -128}, bias));
  CHECK_FALSE(can_share_words(std::vector<std::int8_t>{0, 0, 0, 0}, std::vector<std::int64_t>{0, 1 << 23}));
}
