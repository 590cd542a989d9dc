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
  // By bench/coverage_reference.py, which is the same in SciPy.
  CHECK(score.outputs[0].mae.low == Approx(0.4117).margin(0.0005));
  CHECK(score.outputs[0].mae.high == Approx(2.429).margin(0.002));
  CHECK(score.outputs[0].rmse.low == Approx(0.6530).margin(0.0005));
  CHECK(score.outputs[0].rmse.high == Approx(2.2972).margin(0.002));
  CHECK(score.outputs[0].r2->low < 0.5);
  CHECK(score.outputs[0].r2->high > 0.8);
  CHECK(score.outputs[0].r2->high < 1);
  CHECK(score.outputs[0].mean_mae.value == Approx(2));
  CHECK(score.outputs[0].mean_rmse.value == Approx(std::sqrt(5.0)));
  CHECK(mean_r2(score) == Approx(0.7));
}

TEST_CASE("every output of a regression is judged for itself, and R² is left out where the truth is always the same") {
  const std::vector<Estimate> estimates{{{1, 5}, {1, 6}, "a"}, {{2, 5}, {2, 4}, "b"}, {{3, 5}, {3, 4}, "c"}};
  const NumberScore score = number_score_of(estimates);
  REQUIRE(score.outputs.size() == 2);
  CHECK(score.outputs[0].mae == Interval{0, 0, 0});
  CHECK(score.outputs[0].r2.value().value == 1);
  CHECK(score.outputs[1].mae.value == 1);
  CHECK(score.outputs[1].mae.low < 0.6);  // that all three are the same says little of others
  CHECK(score.outputs[1].mae.high > 1.5);
  CHECK(!score.outputs[1].r2);
}

TEST_CASE("numbers of two groups say nothing about another's") {
  const NumberScore score = number_score_of(std::vector<Estimate>{{{1}, {2}, "a"}, {{3}, {3}, "a"}, {{4}, {4.5}, "b"}});
  CHECK(score.outputs[0].mae.value == Approx(0.5));
  CHECK(score.outputs[0].mae.unknown == "only 2 groups");
  CHECK(score.outputs[0].r2->unknown == "only 2 groups");
}

TEST_CASE("samples of one group widen the interval of an error: groups are what is counted") {
  std::vector<Estimate> alone, together;
  for (int i = 0; i < 40; ++i) {
    const float error = i < 20 ? 0.5f : 1.5f;
    alone.push_back({{float(i)}, {float(i) + error}, std::to_string(i)});
    together.push_back({{float(i)}, {float(i) + error}, std::to_string(i / 10)});
  }
  const Interval a = number_score_of(alone).outputs[0].mae, b = number_score_of(together).outputs[0].mae;
  CHECK(a.value == b.value);
  CHECK(a.high - a.low < 0.4);
  CHECK(b.high - b.low > 2 * (a.high - a.low));
}
