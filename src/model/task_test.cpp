#include <catch2/catch.hpp>
#include <cmath>

#include "model/anomaly_threshold.h"
#include "model/network.h"

using namespace dragonet;

TEST_CASE("a model keeps its task and its threshold in its metadata") {
  Model model;
  CHECK(info_of(model).task == Task::classification);
  CHECK(anomaly_threshold(model) == 0);
  set_info(model, {.labels = {"hz"}, .task = Task::regression});
  set_anomaly_threshold(model, 0.0123);
  CHECK(info_of(model).task == Task::regression);
  CHECK(info_of(model).labels == std::vector<std::string>{"hz"});
  CHECK(anomaly_threshold(model) == 0.0123);
}

static Tensor int8_tensor(Shape shape, float scale, int zero_point) {
  return {.name = "t", .dtype = DType::int8, .shape = std::move(shape), .quantization = {{scale}, {zero_point}, 0}};
}

TEST_CASE("an int8 model's score is summed as the chip does, and equals the mean squared difference of the reals") {
  Model model{.tensors = {int8_tensor({1, 4}, 1 / 128.f, 0), int8_tensor({1, 4}, 1 / 100.f, 3)}};
  model.inputs = {0}, model.outputs = {1};
  const std::vector<std::int8_t> given{0, 127, -128, 5}, back{3, 90, -128, 100};
  double squares = 0;
  for (int i = 0; i < 4; ++i) squares += std::pow(given[i] / 128.0 - (back[i] - 3) / 100.0, 2) / 4;
  CHECK(anomaly_score(model, given, back) == Approx(squares).epsilon(0.002));

  set_anomaly_threshold(model, anomaly_score(model, given, back));  // what is just as odd is not above it
  const AnomalyScoreRules rules = anomaly_score_rules(model);
  CHECK(squared_differences(rules, given.data(), back.data(), 4) == rules.threshold);
}

TEST_CASE("metadata whose task does not fit the model's output are refused") {
  Model model{.source = "odd.tflite", .tensors = {int8_tensor({1, 4}, 1, 0), int8_tensor({1, 3}, 1, 0)}};
  model.inputs = {0}, model.outputs = {1};
  set_info(model, {.labels = {"normal", "anomaly"}, .task = Task::anomaly});
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("gives back its input, of 4 values, and it gives 3"));
  set_info(model, {.labels = {"hz"}, .task = Task::regression});
  CHECK_THROWS_WITH(check_features(model), Catch::Contains("names 1 numbers, and the model gives 3"));
}

TEST_CASE("the default network of numbers ends with a Dense of as many units, of anomalies with the input's size") {
  const Network numbers = default_network(default_motion_network, 50, 1, 4, 3, Task::regression);
  CHECK(numbers.task == Task::regression);
  CHECK(expanded(numbers).layers.back().type == "Dense");
  CHECK(!answer_problem(numbers, 3));
  const Network anomaly = default_network(default_sound_network, 49, 40, 1, 2, Task::anomaly);
  CHECK(output_shapes(anomaly).back() == Shape{1960});
  CHECK(!answer_problem(anomaly, 2));
}
