#include "judge/class_answers.h"

#include <catch2/catch.hpp>

#include "board/build.h"
#include "model/model_info.h"

using namespace dragonet;
using Catch::Matchers::Contains;

/// Two scores of 0 to 1, of movement at 10 Hz.
static Model model_with(const AnswerSettings& answers) {
  Model model;
  model.tensors.push_back({.name = "in", .dtype = DType::int8, .shape = {1, 4, 1, 1}});
  model.tensors.push_back(
      {.name = "scores", .dtype = DType::int8, .shape = {1, 2}, .quantization = {{1.0f / 256}, {-128}, 0}});
  model.inputs = {0};
  model.outputs = {1};
  MotionFeatureSettings motion{.rate_hz = 10, .axes = {"a"}, .full_scale = {1}, .window_samples = 4};
  set_info(model, {.labels = {"rest", "wave"}, .features = motion, .answers = answers});
  return model;
}

/// An inference a second; `label` is what the chip said then. Scores of "wave", in 256ths.
static std::vector<Heard> heard_of(const std::vector<int>& waves, const std::vector<int>& labels = {}) {
  std::vector<Heard> heard;
  for (std::size_t i = 0; i < waves.size(); ++i)
    heard.push_back(
        {.readings = static_cast<std::uint32_t>(10 * (i + 1)),
         .label = labels.empty() ? -1 : labels[i],
         .outputs = {static_cast<std::uint8_t>(255 - waves[i] - 128), static_cast<std::uint8_t>(waves[i] - 128)}});
  return heard;
}

static Listened listened_to(const std::vector<Heard>& heard, const AnswerSettings& answers) {
  return listened(Classification{}, model_with(answers), heard, Readings{});
}

TEST_CASE("a recording that is too short for a steady answer gets the model's own, with every score") {
  const Listened answer = listened_to(heard_of({192}), {.average = 2, .debounce = 2});
  CHECK(answer.is_short);
  CHECK(answer.text == "wave 0.75");
  CHECK(answer.json["label"] == "wave");
  CHECK(answer.json["score"] == Approx(0.75));
  CHECK(answer.json["scores"]["rest"] == Approx(63.0 / 256));
  CHECK(answer.json["changes"].empty());
  // Of several windows, the mean of their scores.
  CHECK(listened_to(heard_of({64, 64, 224}), {.average = 2, .debounce = 2}).text == "rest 0.54");
}

TEST_CASE("what a chip did answer is told, however short the recording") {
  const Listened answer = listened_to(heard_of({200, 200}, {-1, 1}), {.average = 1, .debounce = 2});
  CHECK_FALSE(answer.is_short);
  CHECK(answer.text == "     2.00 s  wave\n");
}

TEST_CASE("where a long recording has no answer, the true reason is named") {
  const AnswerSettings rules{.average = 2, .threshold = 0.9, .debounce = 1};
  const Listened below = listened_to(heard_of({130, 150, 190, 130}), rules);
  CHECK_FALSE(below.is_short);
  CHECK(
      below.text ==
      "  no answer: the best mean score of 2 inferences was 0.66, for wave at 3.00 s, and answers.threshold is 0.90\n");
  const Listened restless =
      listened_to(heard_of({250, 9, 250, 9, 250, 9}), {.average = 1, .threshold = 0.9, .debounce = 3});
  CHECK_THAT(restless.text,
             Contains("the best mean score of 1 inferences was 0.98, for wave at 1.00 s, but no label was "
                      "the best 3 times in a row (answers.debounce)"));
}

TEST_CASE("mistakes come worst first, and every kind of them in turn") {
  ClassAnswers answers;
  const auto add = [&](int truth, int predicted, double confidence) {
    answers.answers.push_back({truth, predicted, "group"});
    answers.confidences.push_back(confidence);
  };
  add(0, 1, 0.8);   // 0
  add(0, 1, 0.99);  // 1
  add(0, 0, 1);     // right
  add(0, 1, 0.9);   // 3
  add(2, 0, 0.4);   // 4: another kind, less sure
  add(1, 2, 0.6);   // 5: a third
  CHECK(mistakes_in(answers) == std::vector<std::size_t>{1, 5, 4, 3, 0});
}
