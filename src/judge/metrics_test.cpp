#include "judge/metrics.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace dragonet;

namespace {

/// `right` of `count` answers of class `truth` are right, the others say `wrong`; each answer is a group of its own.
std::vector<Answer> answers_of(int truth, int count, int right, int wrong, int frames_per_group = 1) {
  std::vector<Answer> answers;
  for (int i = 0; i < count; ++i) {
    const std::string group = std::to_string(truth) + "/" + std::to_string(i / frames_per_group);
    answers.push_back({truth, i < right ? truth : wrong, group});
  }
  return answers;
}

std::vector<Answer> joined(std::vector<Answer> a, const std::vector<Answer>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

// Worked out by hand: 8 of 10 dragons and 27 of 30 others are right.
const std::vector<Answer> forty = joined(answers_of(0, 10, 8, 1), answers_of(1, 30, 27, 0));

}  // namespace

TEST_CASE("a confusion counts answers by truth, then by prediction") {
  const Confusion confusion = confusion_of(forty, 2);
  CHECK(confusion == Confusion{{8, 2}, {3, 27}});
  CHECK(total(confusion) == 40);
}

TEST_CASE("recall, precision, false alarms and both accuracies are those worked out by hand") {
  const Confusion confusion{{8, 2}, {3, 27}};
  CHECK(*recall(confusion, 0) == Approx(8.0 / 10));
  CHECK(*precision(confusion, 0) == Approx(8.0 / 11));
  CHECK(*false_alarms(confusion, 0) == Approx(3.0 / 30));
  CHECK(*accuracy(confusion) == Approx(35.0 / 40));
  CHECK(*balanced_accuracy(confusion) == Approx((0.8 + 0.9) / 2));
}

TEST_CASE("a class without samples has no recall, and no part in the balanced accuracy") {
  const Confusion confusion{{3, 1, 0}, {0, 4, 0}, {0, 0, 0}};
  CHECK_FALSE(recall(confusion, 2).has_value());
  CHECK_FALSE(precision(confusion, 2).has_value());
  CHECK(*balanced_accuracy(confusion) == Approx((0.75 + 1) / 2));
  CHECK_FALSE(accuracy(Confusion{{0, 0}, {0, 0}}).has_value());
}

TEST_CASE("guessing the larger class has a balanced accuracy of one half") {
  CHECK(*balanced_accuracy({{0, 10}, {0, 990}}) == 0.5);
  CHECK(*accuracy({{0, 10}, {0, 990}}) == 0.99);
}

TEST_CASE("with independent samples the interval is that of the binomial distribution") {
  const Score score = score_of(answers_of(0, 400, 320, 1), 2);
  const double half = 1.96 * std::sqrt(0.8 * 0.2 / 400);  // de Moivre's normal approximation
  CHECK(score.accuracy.value == 0.8);
  CHECK(score.accuracy.low == Approx(0.8 - half).margin(0.006));
  CHECK(score.accuracy.high == Approx(0.8 + half).margin(0.006));
}

TEST_CASE("ten frames that fail together count as one sample: the interval is sqrt(10) times as wide") {
  const Score score = score_of(answers_of(0, 1600, 1280, 1, 10), 2);
  const double half = 1.96 * std::sqrt(0.8 * 0.2 / 160);  // 0.062; of 1600 independent samples it would be 0.020
  CHECK(score.groups == 160);
  CHECK(score.accuracy.low == Approx(0.8 - half).margin(0.008));
  CHECK(score.accuracy.high == Approx(0.8 + half).margin(0.008));
}

TEST_CASE("the interval of the balanced accuracy adds the variances of its classes") {
  const Score score = score_of(joined(answers_of(0, 200, 160, 1), answers_of(1, 800, 720, 0)), 2);
  const double half = 1.96 * 0.5 * std::sqrt(0.8 * 0.2 / 200 + 0.9 * 0.1 / 800);
  CHECK(score.balanced_accuracy.value == Approx(0.85));
  CHECK(score.balanced_accuracy.low == Approx(0.85 - half).margin(0.005));
  CHECK(score.balanced_accuracy.high == Approx(0.85 + half).margin(0.005));
}

TEST_CASE("intervals repeat with the seed, and differ without it") {
  CHECK(score_of(forty, 2, 7).balanced_accuracy == score_of(forty, 2, 7).balanced_accuracy);
  CHECK_FALSE(score_of(forty, 2, 7).balanced_accuracy == score_of(forty, 2, 8).balanced_accuracy);
}

TEST_CASE("no mistake in twenty groups is not certainty: the bound is Clopper and Pearson's") {
  const Score score = score_of(answers_of(0, 20, 20, 1), 2);
  CHECK(score.accuracy.high == 1);
  CHECK(score.accuracy.low == Approx(0.8316).margin(0.0001));  // their table: n = 20, x = 20, two-sided 95 %
}

TEST_CASE("nothing right in twenty groups is bounded from above alike") {
  const Score score = score_of(answers_of(0, 20, 0, 1), 2);
  CHECK(score.accuracy.low == 0);
  CHECK(score.accuracy.high == Approx(0.1684).margin(0.0001));
}

TEST_CASE("one group says nothing about others") {
  const Score score = score_of(answers_of(0, 50, 45, 1, 50), 2);
  CHECK(score.accuracy == Interval{0.9, 0, 1});
}

TEST_CASE("a class with a single group, absent from many resamples, still gives an interval for the others") {
  const Score score = score_of(joined(answers_of(0, 40, 30, 1), answers_of(1, 3, 3, 0, 3)), 2);
  CHECK(score.balanced_accuracy.value == Approx((0.75 + 1) / 2));
  CHECK(*score.classes[1].recall == Interval{1, 0, 1});
  CHECK(score.classes[0].recall->low == Approx(0.75 - 0.134).margin(0.03));
}

TEST_CASE("a class that never occurs has no recall") {
  const Score score = score_of(forty, 3);
  CHECK_FALSE(score.classes[2].recall.has_value());
  CHECK_FALSE(score.classes[2].precision.has_value());
  CHECK(score.classes[2].false_alarms->value == 0);
}

TEST_CASE("the mean of folds is their sum over their number") {
  CHECK(mean(std::vector{0.5, 1.0, 0.75}) == 0.75);
  CHECK(mean(std::vector{0.25}) == 0.25);
}
