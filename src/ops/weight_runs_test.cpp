#include "ops/weight_runs.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <numeric>
#include <random>

using namespace dragonet;

static std::vector<std::int8_t> random_weights(int count, int most, unsigned seed) {
  std::mt19937 random(seed);
  std::vector<std::int8_t> weights;
  for (int i = 0; i < count; ++i)
    weights.push_back(static_cast<std::int8_t>(static_cast<int>(random() % (2 * most + 1)) - most));
  return weights;
}

TEST_CASE("a run goes on as long as the weights' sum without signs is at most 255, and no longer than 16") {
  CHECK(runs_of(std::vector<std::int8_t>{127, -128, 1}) == std::vector<int>{2, 1});
  CHECK(runs_of(std::vector<std::int8_t>{-128, -128, 127}) == std::vector<int>{1, 2});
  CHECK(runs_of(std::vector<std::int8_t>(20, 0)) == std::vector<int>{16, 4});
}

TEST_CASE("runs hold every weight once, and no value can leave the 16 bits of a lower half within one") {
  for (const int most : {1, 20, 128 - 1}) {
    const auto weights = random_weights(300, most, 7);
    std::size_t at = 0;
    for (const int length : runs_of(weights)) {
      int least = 0, largest = 0;
      for (int i = 0; i < length; ++i, ++at) {
        least += std::min(-128 * weights[at], 127 * weights[at]);
        largest += std::max(-128 * weights[at], 127 * weights[at]);
      }
      CHECK(least >= -32768);
      CHECK(largest <= 32767);
    }
    CHECK(at == weights.size());
  }
}

TEST_CASE("rows of eight pixels go four pairs at a time, and rows of five three") {
  const auto weights = random_weights(16 * 64, 40, 8);
  CHECK(best_pairs(weights, 64, 8) == 4);
  CHECK(best_pairs(weights, 64, 16) == 4);
  CHECK(best_pairs(weights, 64, 6) == 3);
  CHECK(best_pairs(weights, 64, 5) == 3);
  CHECK(best_pairs(weights, 64, 4) == 2);
}

TEST_CASE("a channel's runs say what they lack of the kernel's code, hold their weights, and have an end") {
  const std::vector<std::int8_t> weights{127, -128, 1, 2, 3, 4};  // two channels of three
  CHECK(runs_of_pairs(weights, 3, 4).values == "154,127,128,165,1,255,143,2,3,4,255");
  CHECK(runs_of_pairs(weights, 3, 2).values == "98,127,128,105,1,255,91,2,3,4,255");
  const Estimates estimates{.channels = {{-1, 2, 3, 4}, {5, 6, 7, 8}}};
  CHECK(estimates_of_pairs(weights, 3, estimates).values == "{65536,{-1,2,3,4}},{32768,{5,6,7,8}}");
}

TEST_CASE("the runs of a block end where any of its channels' must, and its words hold bytes 128 too high") {
  std::vector<std::int8_t> weights(8 * 4, 1);
  weights[5 * 4 + 1] = 127, weights[5 * 4 + 2] = 127, weights[5 * 4 + 3] = 127;  // channel 5 of 8
  CHECK(runs_of_blocks(weights, 4).values == "2,0,13,15,16");
  CHECK(words_of_blocks({std::vector<std::int8_t>{-128, 0, 127}}, 1).values ==
        fmt::format("{},{}", 0u | 255u << 8 | 128u << 16 | 128u << 24, 0x80808080u));
}
