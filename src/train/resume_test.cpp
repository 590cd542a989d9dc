#include <catch2/catch.hpp>
#include <random>

#include "base/error.h"
#include "train/train.h"

using namespace dragonet;

namespace {

/// 32 pictures of 6 x 6 noise in two classes; the second is brighter.
struct Pictures {
  std::vector<std::int8_t> features;
  std::vector<int> labels, train, validation;
  Pictures() {
    std::mt19937 random(9);
    for (int i = 0; i < 32; ++i) {
      labels.push_back(i % 2);
      (i < 24 ? train : validation).push_back(i);
      for (int j = 0; j < 36; ++j) features.push_back(static_cast<std::int8_t>(random() % 100 - 60 + 40 * (i % 2)));
    }
  }
  TrainData data() const { return {features, labels, train, validation, 2}; }
};

}  // namespace

static Network network(int filters) {
  return {6,
          6,
          1,
          {{.type = "Conv2D", .filters = filters, .kernel = 3, .same = true, .use_bias = false},
           {.type = "BatchNormalization"},
           {.type = "ReLU"},
           {.type = "GlobalAveragePooling2D"},
           {.type = "Dense", .filters = 2},
           {.type = "Softmax"}}};
}

static const TrainSettings settings{.epochs = 12, .patience = 12, .batch = 8};

static std::vector<std::uint8_t> constants_of(const Model& model) {
  std::vector<std::uint8_t> all;
  for (const Tensor& tensor : model.tensors) all.insert(all.end(), tensor.data.begin(), tensor.data.end());
  return all;
}

/// Trains up to and including epoch `last`; the last checkpoint goes to `checkpoint`.
static TrainResult train_until(int last, const Pictures& pictures, Bytes& checkpoint,
                               const TrainSettings& settings = ::settings) {
  return train(network(4), pictures.data(), settings, [&](const Epoch& epoch) { return epoch.number < last; },
               {.resume = checkpoint, .save = [&](const Bytes& bytes) { checkpoint = bytes; }});
}

TEST_CASE("a training that was broken off and resumed ends where an unbroken one ends, bit for bit") {
  const Pictures pictures;
  Bytes none, checkpoint;
  const TrainResult unbroken = train_until(12, pictures, none);
  train_until(3, pictures, checkpoint);
  train_until(7, pictures, checkpoint);
  const TrainResult resumed = train_until(12, pictures, checkpoint);
  CHECK(constants_of(resumed.model) == constants_of(unbroken.model));
  REQUIRE(resumed.history.size() == 12);
  for (int i = 0; i < 12; ++i) CHECK(resumed.history[i].validation_loss == unbroken.history[i].validation_loss);
}

TEST_CASE("so does one with averaged weights, blended samples and a constant learning rate") {
  const Pictures pictures;
  const TrainSettings all{.epochs = 8,
                          .batch = 8,
                          .schedule = LearningSchedule::constant,
                          .warm_up = 1,
                          .mixup = 0.4,
                          .ema = 0.9,
                          .augmentation = SoundAugmentation{}};
  Bytes none, checkpoint;
  const TrainResult unbroken = train_until(8, pictures, none, all);
  train_until(3, pictures, checkpoint, all);
  const TrainResult resumed = train_until(8, pictures, checkpoint, all);
  CHECK(constants_of(resumed.model) == constants_of(unbroken.model));
  CHECK(constants_of(resumed.model) != constants_of(train_until(8, pictures, none = {}).model));
}

TEST_CASE("a checkpoint that is damaged, or of another network, is refused in a sentence") {
  const Pictures pictures;
  Bytes checkpoint;
  train_until(2, pictures, checkpoint);
  const auto resume = [&](const Bytes& bytes, int filters) {
    train(network(filters), pictures.data(), settings, [](const Epoch&) { return false; }, {.resume = bytes});
  };
  CHECK_THROWS_WITH(resume(checkpoint, 5), Catch::Contains("belongs to another network"));
  const Bytes half(checkpoint.begin(), checkpoint.begin() + static_cast<std::ptrdiff_t>(checkpoint.size() / 2));
  CHECK_THROWS_WITH(resume(half, 4), Catch::Contains("is damaged"));
}
