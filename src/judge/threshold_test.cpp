#include "judge/threshold.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

using namespace dragonet;

/// `groups[i]`: of score i; left out: each sample is a group of its own.
static std::vector<ScoredSample> scored(const std::vector<double>& scores, const std::string& groups = {}) {
  std::vector<ScoredSample> all;
  for (std::size_t i = 0; i < scores.size(); ++i)
    all.push_back({.score = scores[i], .group = groups.empty() ? std::to_string(i) : groups.substr(i, 1)});
  return all;
}

static std::vector<ScoredSample> counting_to(int count) {
  std::vector<double> scores;
  for (int i = 1; i <= count; ++i) scores.push_back(i);
  return scored(scores);
}

TEST_CASE("Student's quantiles are those of published tables, also between whole degrees of freedom") {
  CHECK(student_quantile(0.99, 1) == Approx(31.8205).epsilon(1e-4));
  CHECK(student_quantile(0.99, 9) == Approx(2.8214).epsilon(1e-4));
  CHECK(student_quantile(0.975, 4) == Approx(2.7764).epsilon(1e-4));
  CHECK(student_quantile(0.999, 2.5) == Approx(13.8222).epsilon(1e-4));  // by SciPy
  CHECK(student_quantile(0.99, 98) == Approx(2.3650).epsilon(1e-4));
  CHECK(student_quantile(0.5, 3) == Approx(0).margin(1e-6));
}

TEST_CASE("one in a hundred takes ninety-nine scores to show, and none at all cannot be shown") {
  CHECK(scores_needed(0.99) == 99);
  CHECK(scores_needed(0.5) == 1);
  CHECK(can_show(99, 0.99));
  CHECK(!can_show(98, 0.99));
  CHECK(!can_show(1'000'000, 1));
}

TEST_CASE("of enough scores the threshold is the one that the next exceeds as seldom as asked") {
  CHECK(threshold_of(counting_to(99), 0.99) == 99);
  CHECK(threshold_of(counting_to(100), 0.99) == 100);  // the 99th would be exceeded twice in 101 times
  CHECK(threshold_of(counting_to(199), 0.99) == 198);
  CHECK(threshold_of(counting_to(9), 0.5) == 5);
}

TEST_CASE("of few scores it is a prediction bound of their logarithms, which is wider where groups differ") {
  // By NumPy and SciPy, with the same formulas.
  CHECK(threshold_of(scored({1, 2, 3, 4, 5}), 0.99) == Approx(23.6424).epsilon(1e-4));
  CHECK(threshold_of(scored({2, 3}), 0.99) == Approx(40.8742).epsilon(1e-4));
  const std::vector<double> scores{1, 1.1, 2, 2.1, 4, 4.3};
  CHECK(threshold_of(scored(scores), 0.99) == Approx(16.4173).epsilon(1e-4));
  CHECK(threshold_of(scored(scores, "aabbcc"), 0.99) == Approx(29.2746).epsilon(1e-4));
  CHECK(threshold_of(scored(scores, "aaabcc"), 0.99) == Approx(28.4658).epsilon(1e-4));
}

TEST_CASE("a threshold of few scores is never below the largest, and one score or equal ones give one, too") {
  CHECK(threshold_of(scored({1, 1, 1, 1, 1000}), 0.9) >= 1000);
  CHECK(threshold_of(scored({3, 1}), 1) == 3);  // no false alarms at all: nothing can promise that
  CHECK(threshold_of(scored({2}), 0.99) > 2);
  CHECK(std::isfinite(threshold_of(scored({2}), 1 - 1e-12)));
  CHECK(threshold_of(scored({0, 0, 0}), 0.99) >= 0);
  CHECK(threshold_of(scored({0, 1, 1, 1}), 0.99) < 1e6);  // a score of nothing says little of large ones
}

/// Of samples whose logarithms vary by `between` from group to group and by `within` in each.
static double false_alarms(double between, double within, int groups, int each) {
  std::mt19937 random(3);
  std::normal_distribution<double> normal;
  constexpr int rounds = 2'000;
  int alarms = 0;
  const auto group_score = [&] { return between * normal(random); };
  const auto score_in = [&](double group) { return std::exp(group + within * normal(random)); };
  for (int round = 0; round < rounds; ++round) {
    std::vector<ScoredSample> seen;
    for (int g = 0; g < groups; ++g)
      for (const double group = group_score(); std::ssize(seen) < (g + 1) * each;)
        seen.push_back({.score = score_in(group), .group = std::to_string(g)});
    alarms += score_in(group_score()) > threshold_of(seen, 0.95);
  }
  return double(alarms) / rounds;
}

TEST_CASE("where scores are distributed so, the next exceeds the bound about as seldom as asked") {
  CHECK(false_alarms(0, 0.75, 6, 1) == Approx(0.04).margin(0.015));
  CHECK(false_alarms(0, 1.2, 12, 1) == Approx(0.06).margin(0.015));
  CHECK(false_alarms(0.6, 0.6, 5, 3) == Approx(0.05).margin(0.025));
}
