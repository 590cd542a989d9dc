// Training of networks with LSTMs.
#include <catch2/catch.hpp>
#include <random>

#include "train/train_fixture.h"

using namespace dragonet;

/// A level that rises or falls, a step at a time, from a random place on and around again: no step tells which.
static Problems rising_and_falling(int samples) {
  std::mt19937 random(8);
  Problems problems;
  for (int i = 0; i < samples; ++i) {
    problems.labels.push_back(i % 2);
    (i % 8 < 6 ? problems.train : problems.validation).push_back(i);
    const int first = int(random() % 16);
    for (int t = 0; t < 16; ++t) {
      const int level = (first + (i % 2 == 0 ? t : 16 - t)) % 16;
      problems.features.push_back(static_cast<std::int8_t>(12 * level - 90 + int(random() % 21) - 10));
    }
  }
  return problems;
}

/// Of the best epoch's model.
static double accuracy_of_order(const std::vector<Layer>& layers) {
  const Problems problems = rising_and_falling(320);
  const MotionAugmentation none{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
  const TrainSettings settings{.epochs = 40, .batch = 8, .learning_rate = 0.01, .augmentation = none};
  TrainData data = problems.data(2);
  data.input = {{1.0f / 64}, {0}, 0};
  const TrainResult result = train({16, 1, 1, layers}, data, settings, go_on);
  int right = 0;
  for (const int i : problems.validation) {
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, i, data.input));
    right += (answers[1] > answers[0]) == (problems.labels[i] == 1);
  }
  return double(right) / double(problems.validation.size());
}

TEST_CASE("an LSTM learns what only the order of steps tells, which what forgets the order cannot") {
  const Layer scores{.type = "Dense", .filters = 2};
  const Layer pointwise{.type = "Conv1D", .filters = 12, .kernel = 1, .activation = "relu"};
  CHECK(accuracy_of_order({{.type = "LSTM", .filters = 8}, scores}) > 0.95);
  CHECK(accuracy_of_order({pointwise, {.type = "GlobalAveragePooling1D"}, scores}) < 0.7);
}

TEST_CASE("a training with an LSTM repeats, bit for bit, and resumed ends where it would have") {
  const MapSize size{8, 4, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Network network{8, 4, 1, {{.type = "LSTM", .filters = 3}, {.type = "Dense", .filters = 2}}};
  Bytes checkpoint;
  const auto save = [&](const Bytes& bytes) { checkpoint = bytes; };
  const auto after_two = [](const Epoch& epoch) { return epoch.number < 2; };
  const TrainSettings settings{.epochs = 4};
  const std::vector<float> unbroken = weights_of(train(network, problems.data(2), settings, go_on).model);
  CHECK(weights_of(train(network, problems.data(2), settings, go_on).model) == unbroken);
  train(network, problems.data(2), settings, after_two, {.resume = {}, .save = save});
  CHECK(weights_of(train(network, problems.data(2), settings, go_on, {.resume = checkpoint}).model) == unbroken);
}
