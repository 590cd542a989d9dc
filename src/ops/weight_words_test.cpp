#include "ops/weight_words.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("weights lie in words of four taps, of two channels in turn, with zeros where there are none") {
  const std::vector<std::int8_t> weights{1, 2, 3, 4, 5, -1, -2, -3, -4, -5, 7, 7, 7, 7, 7};  // three channels of five
  const Constant words = words_of_weights(weights, 5, 2);
  CHECK(words.values ==
        fmt::format("{},{},{},{},{},{},{},{}", 0x04030201u, 0xfcfdfeffu, 5u, 0xfbu, 0x07070707u, 0u, 7u, 0u));
  CHECK(words.bytes == 32);
}

TEST_CASE("in each half of a word lies one channel's weight and 256 times another's, two taps in a word") {
  const std::vector<std::int8_t> weights{1, 2, 3, 4, 5, 6, -1, -2, -3, -4, -5, -6, 7, 7, 7, 7, 7, 7};  // [3, 2, 3]
  const Constant in_order = words_of_channel_pairs(weights, {2, 3, false});
  CHECK(in_order.values == fmt::format("{},{},{},{},{},{},{},{}", 0xfe02ff01u, 0xfd03u, 0xfb05fc04u, 0xfa06u, 0x70007u,
                                       0x7u, 0x70007u, 0x7u));
  const std::vector<std::int8_t> fours{1, 2, 3, 4, -1, -2, -3, -4};  // [2, 1, 4]
  CHECK(words_of_channel_pairs(fours, {1, 4, true}).values == fmt::format("{},{}", 0xfd03ff01u, 0xfc04fe02u));
  const std::vector<std::int8_t> negative{-1, -1, -1, -1, 2, 2, 2, 2};
  CHECK(words_of_channel_pairs(negative, {1, 4, true}).values == fmt::format("{},{}", 0x01ff01ffu, 0x01ff01ffu));
}

TEST_CASE("two channels share words unless a half or the other's sum would be too large") {
  const std::vector<std::int64_t> bias{1 << 29, 100};
  CHECK(can_share_words(std::vector<std::int8_t>{-128, 127, -127, -128}, bias));
  CHECK(can_share_words(std::vector<std::int8_t>{0, 1, -128, -128}, bias));
  CHECK_FALSE(can_share_words(std::vector<std::int8_t>{0, -1, -128, -128}, bias));
  CHECK_FALSE(can_share_words(std::vector<std::int8_t>{0, 0, 0, 0}, std::vector<std::int64_t>{0, 1 << 23}));
}
