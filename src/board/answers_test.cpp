#include "features/answers.h"

#include <catch2/catch.hpp>
#include <vector>

using namespace dragonet;

namespace {

/// A listener's debounced label after each of these pairs of scores.
std::vector<int> debounced_answers(const AnswerRules& rules, const std::vector<std::vector<std::int8_t>>& scores) {
  std::vector<std::int8_t> recent(2 * rules.average);
  std::vector<std::int16_t> sums(2);
  Answers answers{.recent = recent.data(), .sums = sums.data()};
  begin_answers(rules, answers, 2);
  std::vector<int> debounced;
  for (const std::vector<std::int8_t>& pair : scores) {
    take_scores(rules, answers, pair.data(), 2);
    debounced.push_back(answers.answer);
  }
  return debounced;
}

}  // namespace

TEST_CASE("a listener answers the best label, and none where none reaches the threshold") {
  const AnswerRules rules{.average = 1, .debounce = 1, .threshold = 20};
  CHECK(debounced_answers(rules, {{0, 0}, {30, -30}, {-30, 30}, {19, 18}, {20, 0}}) == std::vector{-1, 0, 1, -1, 0});
}

TEST_CASE("scores are averaged over the latest inferences, however few there are yet") {
  const AnswerRules rules{.average = 3, .debounce = 1, .threshold = 0};
  // Means: 60; (60 - 20) / 2; (60 - 20 - 50) / 3 against 10; then the first is forgotten.
  CHECK(debounced_answers(rules, {{60, -60}, {-20, 20}, {-50, 50}, {-50, 50}}) == std::vector{0, 0, 1, 1});
}

TEST_CASE("a new answer must be the best some times in a row before it counts") {
  const AnswerRules rules{.average = 1, .debounce = 2, .threshold = 0};
  const std::vector<std::int8_t> a{50, -50}, b{-50, 50};
  CHECK(debounced_answers(rules, {a, a, b, a, b, b, b, a, a}) == std::vector{-1, 0, 0, 0, 0, 1, 1, 1, 0});
}

TEST_CASE("the largest mean and the highest scores do not overflow") {
  const AnswerRules rules{.average = 16, .debounce = 1, .threshold = 127};
  const std::vector<std::vector<std::int8_t>> loud(40, {127, -128});
  CHECK(debounced_answers(rules, loud) == std::vector<int>(40, 0));
}
