#include "judge/metrics.h"

#include <catch2/catch.hpp>
#include <chrono>
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

TEST_CASE("intervals repeat, and do not ask in which order answers come") {
  std::vector<Answer> backwards(forty.rbegin(), forty.rend());
  CHECK(score_of(forty, 2).balanced_accuracy == score_of(forty, 2).balanced_accuracy);
  const Interval a = score_of(forty, 2).balanced_accuracy, b = score_of(backwards, 2).balanced_accuracy;
  CHECK(a.low == Approx(b.low));
  CHECK(a.high == Approx(b.high));
}

TEST_CASE("no mistake in twenty groups is not certainty: the bound is near Clopper and Pearson's") {
  const Score score = score_of(answers_of(0, 20, 20, 1), 2);
  CHECK(score.accuracy.high == 1);
  CHECK(score.accuracy.low == Approx(0.8440).margin(0.0005));  // bench/coverage_reference.py, with SciPy's t
  CHECK(score.accuracy.low == Approx(0.8316).margin(0.015));   // their table: n = 20, x = 20, two-sided 95 %
}

TEST_CASE("nothing right in twenty groups is bounded from above alike") {
  const Score score = score_of(answers_of(0, 20, 0, 1), 2);
  CHECK(score.accuracy.low == 0);
  CHECK(score.accuracy.high == Approx(1 - 0.8440).margin(0.0005));
}

// The following are computed by bench/coverage_reference.py: the formulas of docs/statistics.md once more, with SciPy.

TEST_CASE("three groups of unlike size: 8 of 10, 10 of 10 and 5 of 6 are right") {
  std::vector<Answer> answers;
  const auto add = [&](const char* group, int right, int of) {
    for (int i = 0; i < of; ++i) answers.push_back({0, i < right ? 0 : 1, group});
  };
  add("a", 8, 10), add("b", 10, 10), add("c", 5, 6);
  const Interval recall = score_of(answers, 2).classes[0].recall.value();
  CHECK(recall.value == Approx(23.0 / 26));
  CHECK(recall.low == Approx(0.6074).margin(0.0005));
  CHECK(recall.high == Approx(0.9744).margin(0.0005));
}

namespace {

/// `right[i]` of `of` answers of group i are right.
void add_groups(std::vector<Answer>& answers, const std::string& name, int truth, int of, std::vector<int> right) {
  for (std::size_t group = 0; group < right.size(); ++group)
    for (int i = 0; i < of; ++i)
      answers.push_back({truth, i < right[group] ? truth : 1 - truth, name + std::to_string(group)});
}

double width(const Interval& interval) { return interval.high - interval.low; }

}  // namespace

TEST_CASE("a perfect class adds variance to the balanced accuracy: seven of seven dragons are no certainty") {
  std::vector<Answer> answers;
  add_groups(answers, "dragon", 0, 1, {1, 1, 1, 1, 1, 1, 1});
  add_groups(answers, "other", 1, 5, {5, 4, 5, 3, 5, 4});
  const Score score = score_of(answers, 2);
  CHECK(score.balanced_accuracy.low == Approx(0.7819).margin(0.0005));
  CHECK(score.balanced_accuracy.high == Approx(0.9820).margin(0.0005));
  CHECK(score.classes[0].recall->low < 0.75);

  std::vector<Answer> more;  // the same shares of ten times as many dragons leave the others' variance
  add_groups(more, "dragon", 0, 1, std::vector<int>(70, 1));
  add_groups(more, "other", 1, 5, {5, 4, 5, 3, 5, 4});
  CHECK(width(score_of(more, 2).balanced_accuracy) < width(score.balanced_accuracy) - 0.03);
}

TEST_CASE("groups that have every class count once, not once for each class") {
  std::vector<Answer> crossed, nested;
  add_groups(crossed, "person", 0, 10, {9, 8, 10});
  add_groups(crossed, "person", 1, 10, {7, 10, 9});
  CHECK(score_of(crossed, 2).groups == 3);
  const Interval balanced = score_of(crossed, 2).balanced_accuracy;
  CHECK(balanced.low == Approx(0.6960).margin(0.0005));
  CHECK(balanced.high == Approx(0.9616).margin(0.0005));

  // Persons who are worse in both classes: as many groups, each of one class, would say more.
  std::vector<Answer> alike;
  add_groups(alike, "person", 0, 10, {10, 5, 8, 10, 4});
  add_groups(alike, "person", 1, 10, {10, 5, 8, 10, 4});
  add_groups(nested, "person", 0, 10, {10, 5, 8, 10, 4});
  add_groups(nested, "other person", 1, 10, {10, 5, 8, 10, 4});
  CHECK(width(score_of(alike, 2).balanced_accuracy) > 1.2 * width(score_of(nested, 2).balanced_accuracy));
}

TEST_CASE("of fewer than three groups nothing can be known of others, and it is said why") {
  const Score one = score_of(answers_of(0, 50, 45, 1, 50), 2);
  CHECK(one.accuracy.value == 0.9);
  CHECK(one.accuracy.unknown == "only 1 group");
  const Score two = score_of(answers_of(0, 50, 50, 1, 25), 2);
  CHECK(two.accuracy.unknown == "only 2 groups");
  CHECK(two.balanced_accuracy.unknown == "only 2 groups");
  CHECK(score_of(answers_of(0, 75, 75, 1, 25), 2).accuracy.is_known());
}

TEST_CASE("a class of a single group leaves the balanced accuracy unknown, and the other class known") {
  const Score score = score_of(joined(answers_of(0, 40, 30, 1), answers_of(1, 3, 3, 0, 3)), 2);
  CHECK(score.balanced_accuracy.value == Approx((0.75 + 1) / 2));
  CHECK(score.balanced_accuracy.unknown == "only 1 group of one class");
  CHECK(score.classes[1].recall->unknown == "only 1 group");
  CHECK(score.classes[0].recall->low == Approx(0.75 - 0.15).margin(0.03));
  // Two groups of the class are enough for the balanced accuracy, whose other groups say how groups differ.
  const Score two = score_of(joined(answers_of(0, 40, 30, 1), answers_of(1, 6, 6, 0, 3)), 2);
  CHECK(two.balanced_accuracy.is_known());
  CHECK(two.classes[1].recall->unknown == "only 2 groups");
}

TEST_CASE("a constant answer has a balanced accuracy of one by the classes, exactly, whoever is asked") {
  std::vector<Answer> answers;
  for (int truth = 0; truth < 3; ++truth)
    for (int i = 0; i < 8; ++i) answers.push_back({truth, 1, std::to_string(truth) + std::to_string(i / 2)});
  const Score score = score_of(answers, 3);
  CHECK(score.balanced_accuracy.low == Approx(1.0 / 3));
  CHECK(score.balanced_accuracy.high == Approx(1.0 / 3));
  CHECK(score.classes[0].recall->value == 0);
  CHECK(score.classes[0].recall->high > 0.2);  // others may well be known now and then

  // Of two groups a label, it may be chance that all answers are the same.
  std::vector<Answer> few;
  for (int i = 0; i < 4; ++i) few.push_back({i / 2, 1, std::to_string(i)});
  CHECK(score_of(few, 2).balanced_accuracy.unknown == "only 2 groups of one class");

  // One other answer, and it is no longer constant.
  answers[0].predicted = 0;
  const Interval nearly = score_of(answers, 3).balanced_accuracy;
  CHECK(nearly.low < 1.0 / 3);
  CHECK(nearly.high > 0.4);
  CHECK(width(nearly) < 0.35);
}

TEST_CASE("where all samples are of one class, always giving it is no constant answer's balanced accuracy") {
  const Interval balanced = score_of(answers_of(0, 20, 20, 1), 2).balanced_accuracy;
  CHECK(balanced.value == 1);
  CHECK(balanced.low < 0.9);
}

TEST_CASE("ten thousand samples of five hundred groups are judged at once") {
  std::vector<Answer> answers;
  for (int i = 0; i < 10000; ++i) answers.push_back({i % 6, i % 7 < 6 ? i % 6 : (i + 1) % 6, std::to_string(i / 20)});
  const auto start = std::chrono::steady_clock::now();
  CHECK(score_of(answers, 6).groups == 500);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500));  // 5 ms, on an idle machine
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
