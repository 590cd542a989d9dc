#include "judge/task_score.h"

#include <catch2/catch.hpp>

using namespace dragonet;
using Catch::Contains;

namespace {

/// Two labels of 50 samples of 10 groups each; of the first so many are right, of the second all.
Score score_with(int right, int groups = 20) {
  std::vector<Answer> answers;
  for (int i = 0; i < 100; ++i)
    answers.push_back({i < 50 ? 0 : 1, i < right || i >= 50 ? i / 50 : 1, std::to_string(i * groups / 100)});
  return score_of(answers, 2);
}

NumberScore off_by(double error) {
  std::vector<Estimate> estimates;
  for (int i = 0; i < 40; ++i)
    estimates.push_back({{float(i % 8)}, {float(i % 8 + (i % 2 ? error : -error))}, std::to_string(i / 2)});
  NumberScore score = number_score_of(estimates);
  score.outputs[0].name = "hz";
  return score;
}

}  // namespace

TEST_CASE("int8 that is more than two points below float is said, with both figures and what to do") {
  CHECK_THAT(int8_loss_text(score_with(50), score_with(45)),
             Contains("int8 is 5.0 points below float (balanced accuracy 0.950 and 1.000)") &&
                 Contains("`dragonet train --qat`"));
  CHECK(int8_loss_text(score_with(50), score_with(48)).empty());  // two points, no more
  CHECK(int8_loss_text(score_with(45), score_with(50)).empty());  // int8 is better
  CHECK_THAT(int8_loss_text(off_by(0.1), off_by(0.6)), Contains("points below float (R² 0.9"));
  CHECK(int8_loss_text(off_by(0.1), off_by(0.11)).empty());
}

TEST_CASE("answers to samples are told as their task has them") {
  Dataset dataset;
  dataset.labels = {"cat", "dragon"};
  CHECK(answers_json(ClassAnswers{{{.truth = 1, .predicted = 0}}, {0.75}}, dataset)[0] ==
        Json{{"truth", "dragon"}, {"answer", "cat"}, {"score", 0.75}});
  CHECK(answers_json(NumberAnswers{{{{1.5f}, {2}, ""}}}, dataset)[0] == Json{{"truth", {1.5}}, {"answer", {2.0}}});
  CHECK(answers_json(AnomalyAnswers{{{.score = 3, .is_anomaly = true}}, 1}, dataset)[0] ==
        Json{{"anomaly", true}, {"score", 3.0}});
}

TEST_CASE("bounds that cannot be known are null in JSON, with a reason, and words in text") {
  const Score score = score_with(50, 2);
  const Json json = score_json(score)["balanced_accuracy"];
  CHECK(json["value"] == 1);
  CHECK(json["low"].is_null());
  CHECK(json["high"].is_null());
  CHECK(json["unknown"] == "only 2 groups");
  CHECK(score_json(score)["recall"][0]["unknown"] == "only 1 group");
  CHECK_THAT(score_text("int8", score), Contains("balanced 100 % (cannot know: only 2 groups)"));
  CHECK_THAT(score_sentence(score), Contains("balanced 100 % (cannot know: only 2 groups)"));
  CHECK_FALSE(score_json(score_with(50))["balanced_accuracy"].contains("unknown"));
}

TEST_CASE("a run records no bounds where they cannot be known, but how many groups there were") {
  std::optional<double> low = 1, value, groups;
  for (const Measure& measure : run_measures(score_with(50, 2))) {
    if (measure.key == std::string("balanced_accuracy/low")) low = measure.value;
    if (measure.key == std::string("balanced_accuracy/value")) value = measure.value;
    if (measure.key == std::string("groups")) groups = measure.value;
  }
  CHECK_FALSE(low);
  CHECK(value == 1.0);
  CHECK(groups == 2.0);
}

TEST_CASE("a test leaves open what few groups, or a wide interval, leave open") {
  CHECK(is_barely_known(score_with(50, 2)));
  CHECK(is_barely_known(score_with(35, 6)));
  CHECK_FALSE(is_barely_known(score_with(49, 50)));
  CHECK_FALSE(is_barely_known(off_by(0.5)));
}
