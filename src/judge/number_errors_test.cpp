#include "judge/number_errors.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dragonet;

TEST_CASE("errors of numbers: their mean, the root of their mean square, and the share of variance explained") {
  // Errors 1, -1, 0, 2 about truths 0, 2, 4, 6: sum of squares 6, variation of the truth 9 + 1 + 1 + 9 = 20.
  const std::vector<Estimate> estimates{{{0}, {1}, "a"}, {{2}, {1}, "b"}, {{4}, {4}, "c"}, {{6}, {8}, "d"}};
  const NumberScore score = number_score_of(estimates);
  REQUIRE(score.outputs.size() == 1);
  CHECK(score.samples == 4);
  CHECK(score.groups == 4);
  CHECK(score.outputs[0].mae.value == Approx(1));
  CHECK(score.outputs[0].rmse.value == Approx(std::sqrt(1.5)));
  CHECK(score.outputs[0].r2.value().value == Approx(0.7));
  CHECK(score.outputs[0].mae.low >= 0);
  CHECK(score.outputs[0].mae.low < 1);
  CHECK(score.outputs[0].mae.high > 1);
  CHECK(score.outputs[0].mae.high <= 2);
  CHECK(score.outputs[0].mean_mae.value == Approx(2));
  CHECK(score.outputs[0].mean_rmse.value == Approx(std::sqrt(5.0)));
  CHECK(mean_r2(score) == Approx(0.7));
}

TEST_CASE("every output of a regression is judged for itself, and R² is left out where the truth is always the same") {
  const std::vector<Estimate> estimates{{{1, 5}, {1, 6}, "a"}, {{2, 5}, {2, 4}, "b"}};
  const NumberScore score = number_score_of(estimates);
  REQUIRE(score.outputs.size() == 2);
  CHECK(score.outputs[0].mae == Interval{0, 0, 0});
  CHECK(score.outputs[0].r2.value().value == 1);
  CHECK(score.outputs[1].mae == Interval{1, 1, 1});
  CHECK(!score.outputs[1].r2);
}

TEST_CASE("numbers of one group say nothing about another's") {
  const NumberScore score = number_score_of(std::vector<Estimate>{{{1}, {2}, "a"}, {{3}, {3}, "a"}});
  CHECK(score.outputs[0].mae.value == Approx(0.5));
  CHECK(score.outputs[0].mae.low == 0);
  CHECK(std::isinf(score.outputs[0].mae.high));
}

TEST_CASE("samples of one group widen the interval of an error: they count as one") {
  std::vector<Estimate> alone, together;
  for (int i = 0; i < 40; ++i) {
    const float error = i < 20 ? 0.0f : 1.0f;
    alone.push_back({{float(i)}, {float(i) + error}, std::to_string(i)});
    together.push_back({{float(i)}, {float(i) + error}, i < 20 ? "near" : "far"});
  }
  const Interval a = number_score_of(alone).outputs[0].mae, b = number_score_of(together).outputs[0].mae;
  CHECK(a.value == b.value);
  CHECK(b.high - b.low == Approx(1));
  CHECK(a.high - a.low < 0.4);
}
