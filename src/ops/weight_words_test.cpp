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
