#include "train/train.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "base/error.h"
#include "model/anomaly_distance.h"
#include "train/train_fixture.h"

using namespace dragonet;

TEST_CASE("an epoch tells what share of it training waited for its batches") {
  const MapSize size{8, 8, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Epoch epoch = train(small_network(size, 2), problems.data(2), {.epochs = 1}, go_on).history.at(0);
  CHECK(epoch.waiting > 0);  // at least for the first one
  CHECK(epoch.waiting < 1);
}

TEST_CASE("what is plain to see is learned, and the best epoch's weights are kept") {
  const MapSize size{12, 12, 1};
  const Problems problems = make_problems(size, 3, 96);
  const Network network = default_image_network(12, 12, 1, 3);
  const TrainResult result = train(network, problems.data(3), {.epochs = 30, .learning_rate = 0.01}, go_on);
  for (int i : problems.validation) {
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, i));
    CHECK(std::max_element(answers.begin(), answers.end()) - answers.begin() == problems.labels[i]);
  }
}

TEST_CASE("flipped in training, left and right are the same to the network; otherwise it tells them apart") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 80);
  for (std::size_t i = 0; i < problems.features.size(); i += 64)  // transposed: bright at the left or at the right
    for (int y = 0; y < 8; ++y)
      for (int x = 0; x < y; ++x) std::swap(problems.features[i + y * 8 + x], problems.features[i + x * 8 + y]);
  Network network = small_network(size, 2);
  network.layers[3].type = "Flatten";  // an average over the whole map could not tell them apart at all
  const auto accuracy = [&](bool flip) {
    const TrainSettings settings{.epochs = 20, .learning_rate = 0.01, .augmentation = ImageAugmentation{.flip = flip}};
    return train(network, problems.data(2), settings, go_on).history.back().train_accuracy;
  };
  CHECK(accuracy(false) > 0.95);
  CHECK(accuracy(true) < 0.75);
}

TEST_CASE("the same seed gives the same weights, another seed others") {
  const MapSize size{8, 8, 3};
  const Problems problems = make_problems(size, 2, 40);
  const auto run = [&](std::uint64_t seed) {
    return weights_of(train(small_network(size, 2), problems.data(2), {.epochs = 3, .seed = seed}, go_on).model);
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("training ends when it is told to, and when patience is over") {
  const MapSize size{8, 8, 1};
  const Problems problems = make_problems(size, 2, 40);
  const Network network = small_network(size, 2);
  const auto stop_after_two = [](const Epoch& epoch) { return epoch.number < 2; };
  CHECK(train(network, problems.data(2), {.epochs = 9}, stop_after_two).history.size() == 2);

  const TrainSettings still{
      .epochs = 9, .patience = 4, .learning_rate = 0};  // nothing gets better but batch statistics
  const std::vector<Epoch> history = train(network, problems.data(2), still, go_on).history;
  const auto best = std::find_if(history.rbegin(), history.rend(), [](const Epoch& e) { return e.best; });
  CHECK((history.size() == 9 || history.back().number - best->number == 4));
}

TEST_CASE("with class weights a rare label is found as often as a common one") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 160);
  std::erase_if(problems.train, [&](int i) { return problems.labels[i] == 1 && i > 12; });  // 6 of 66
  const TrainResult result =
      train(small_network(size, 2), problems.data(2), {.epochs = 40, .learning_rate = 0.02}, go_on);
  const auto best = std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
  CHECK(best->validation_accuracy > 0.9);
}

TEST_CASE("training and validation loss are of the same kind: equal where samples and weights are") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 40);
  problems.validation = problems.train;
  Network network = small_network(size, 2);
  network.layers.erase(network.layers.begin() + 1);  // a normalization's statistics differ in training
  const TrainSettings still{.epochs = 1, .learning_rate = 1e-9, .label_smoothing = 0.5, .augmentation = no_changes};
  const Epoch epoch = train(network, problems.data(2), still, go_on).history.at(0);
  CHECK(epoch.train_loss == Approx(epoch.validation_loss).epsilon(1e-4));
  CHECK(epoch.train_accuracy == Approx(epoch.validation_accuracy));
}

TEST_CASE("a network or data that cannot be trained is refused before LibTorch is loaded, all problems at once") {
  const MapSize size{8, 8, 1};
  Problems problems = make_problems(size, 2, 40);
  problems.train = {0, 2};
  problems.validation = {};
  try {
    train(small_network(size, 3), problems.data(2), {}, go_on);
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 3);
    CHECK(error.problems[0].what == "it gives 3 scores for 2 labels");
    CHECK(error.problems[1].where == "training, label 1");
    CHECK(error.problems[2].what.find("validate") != std::string::npos);
  }
}

/// Two classes of 12 rows: the level, the row that stands out, how many do about the middle, or the channel that does,
/// tells them apart.
enum class Tell { level, row, size, channel };

static bool stands_out(Tell tell, int label, int row, int channel) {
  switch (tell) {
    case Tell::level:
      return true;
    case Tell::row:
      return row == 3 + 5 * label;
    case Tell::size:
      return std::abs(row - 5.5) < 2 + label;
    case Tell::channel:
      return channel == label;
  }
  return false;
}

static Problems told_apart_by(Tell tell) {
  std::mt19937 random(6);
  Problems problems;
  for (int i = 0; i < 80; ++i) {
    problems.labels.push_back(i % 2);
    (i < 60 ? problems.train : problems.validation).push_back(i);
    for (int j = 0; j < 36; ++j) {
      const bool here = stands_out(tell, i % 2, j / 3, j % 3);
      const int value = tell == Tell::level ? 120 * (i % 2) - 60 : here ? 80 : -40;
      problems.features.push_back(static_cast<std::int8_t>(value + int(random() % 20) - 10));
    }
  }
  return problems;
}

/// How well the classes of [12, 1, 3] or [12, 3, 1] are told apart in training.
static double accuracy_with(Tell tell, const Augmentation& augmentation) {
  const bool is_sound = std::holds_alternative<SoundAugmentation>(augmentation);
  const Network network{12, is_sound ? 3 : 1, is_sound ? 1 : 3, {{.type = "Flatten"}, {.type = "Dense", .filters = 2}}};
  const Problems problems = told_apart_by(tell);
  TrainData data = problems.data(2);
  if (std::holds_alternative<MotionAugmentation>(augmentation)) data.input = {{1.0f / 64}, {0}, 0};
  const TrainSettings settings{.epochs = 30, .learning_rate = 0.02, .augmentation = augmentation};
  return train(network, data, settings, go_on).history.back().train_accuracy;
}

TEST_CASE("sounds are shifted and made louder: what only that tells apart is not learned") {
  const SoundAugmentation none{.shift = 0, .gain_db = 0, .noise = 0, .mask_frames = 0, .mask_bands = 0};
  SoundAugmentation shift = none, gain = none;
  shift.shift = 0.9;
  gain.gain_db = 40;
  CHECK(accuracy_with(Tell::row, none) > 0.95);
  CHECK(accuracy_with(Tell::row, gain) > 0.95);
  CHECK(accuracy_with(Tell::row, shift) < 0.85);
  CHECK(accuracy_with(Tell::level, none) > 0.95);
  CHECK(accuracy_with(Tell::level, gain) < 0.85);
  SoundAugmentation loud = none;  // background noise that drowns them
  loud.noise = 1;
  loud.least_snr_db = loud.most_snr_db = -40;
  CHECK(accuracy_with(Tell::row, loud) < 0.85);
  CHECK(accuracy_with(Tell::row, SoundAugmentation{.shift = 0}) > 0.95);
}

TEST_CASE("pictures are changed as each setting says: what only that tells apart is not learned") {
  const auto accuracy = [&](Tell tell, double ImageAugmentation::*setting, double value) {
    ImageAugmentation augmentation = no_changes;
    augmentation.*setting = value;
    return accuracy_with(tell, augmentation);
  };
  for (const Tell tell : {Tell::level, Tell::row, Tell::size, Tell::channel})
    CHECK(accuracy_with(tell, no_changes) > 0.95);
  CHECK(accuracy(Tell::row, &ImageAugmentation::rotation, 180) < 0.85);
  CHECK(accuracy(Tell::channel, &ImageAugmentation::rotation, 180) > 0.95);
  CHECK(accuracy(Tell::size, &ImageAugmentation::zoom, 0.9) < 0.85);
  CHECK(accuracy(Tell::row, &ImageAugmentation::cut_out, 1) < 0.9);
  CHECK(accuracy(Tell::level, &ImageAugmentation::cut_out, 1) > 0.95);
  CHECK(accuracy(Tell::channel, &ImageAugmentation::hue, 180) < 0.85);
  CHECK(accuracy(Tell::level, &ImageAugmentation::hue, 180) > 0.95);  // greys keep their level
  CHECK(accuracy(Tell::level, &ImageAugmentation::saturation, 1) > 0.95);
  CHECK(accuracy(Tell::channel, &ImageAugmentation::saturation, 1) > 0.85);  // paler, and still of its hue
}

TEST_CASE("motion is turned and moved in time: what only that tells apart is not learned") {
  const MotionAugmentation none{.shift = 0, .stretch = 0, .gain = 0, .noise = 0, .rotation = 0};
  MotionAugmentation shift = none, turned = none;
  shift.shift = 0.5;
  turned.rotation = 180;
  CHECK(accuracy_with(Tell::row, none) > 0.95);
  CHECK(accuracy_with(Tell::row, shift) < 0.85);
  CHECK(accuracy_with(Tell::channel, none) > 0.95);
  CHECK(accuracy_with(Tell::channel, turned) < 0.85);
  CHECK(accuracy_with(Tell::channel, MotionAugmentation{}) > 0.95);
}

TEST_CASE("numbers are learned in their own units, and the exported model gives them") {
  Problems problems = make_problems({8, 8, 1}, 1, 120);
  std::vector<float> targets;  // the mean of a sample, and of its upper half; in thousands
  for (int i = 0; i < 120; ++i) {
    const std::vector<float> reals = reals_of(problems, i);
    for (const int count : {64, 32}) {
      const double level = (i % 10) / 10.0;
      for (int j = 0; j < 64; ++j)
        problems.features[i * 64 + j] = static_cast<std::int8_t>(200 * level - 100 + int(reals[j] * 20));
      targets.push_back(static_cast<float>(5000 + (count == 64 ? 1000 : -300) * level));
    }
  }
  const Network network{
      8,
      8,
      1,
      {{.type = "Flatten"}, {.type = "Dense", .filters = 16, .activation = "relu"}, {.type = "Dense", .filters = 2}},
      Regression{}};
  const TrainData data{.features = problems.features,
                       .labels = {},
                       .train = problems.train,
                       .validation = problems.validation,
                       .targets = targets};
  const TrainSettings settings{.epochs = 200, .patience = 200, .learning_rate = 0.01, .augmentation = no_changes};
  const TrainResult result = train(network, data, settings, go_on);
  const auto best = std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
  CHECK(best->validation_error < 40);
  double error = 0;
  for (const int i : problems.validation) {
    const std::vector<float> answer = float_forward(result.model, reals_of(problems, i));
    REQUIRE(answer.size() == 2);
    for (int o = 0; o < 2; ++o) error += std::abs(answer[o] - targets[2 * i + o]);
  }
  CHECK(error / (2.0 * double(problems.validation.size())) == Approx(best->validation_error).epsilon(1e-3));

  const RoundedResult rounded = train_rounded(result.model, network, data, settings, go_on);
  CHECK(rounded.history.back().validation_error < 60);
}

TEST_CASE("an autoencoder learns to give its input again") {
  const Problems problems = make_problems({8, 4, 1}, 2, 160);
  const Network network{
      8,
      4,
      1,
      {{.type = "Flatten"}, {.type = "Dense", .filters = 8, .activation = "relu"}, {.type = "Dense", .filters = 32}},
      Anomaly{}};
  const TrainData data{
      .features = problems.features, .labels = {}, .train = problems.train, .validation = problems.validation};
  const TrainSettings settings{.epochs = 300, .patience = 300, .learning_rate = 0.01, .augmentation = no_changes};
  const TrainResult result = train(network, data, settings, go_on);
  CHECK(result.history.front().validation_error > 0.15);
  CHECK(result.history.back().validation_error < 0.08);  // the noise in it cannot be known: 0.06
  CHECK(result.model.nodes.back().op == "fully_connected");
}

/// Two normals of strongly correlated pairs of values, far apart, as features of [1, 1, 2].
static Problems make_pairs(int samples) {
  std::mt19937 random(5);
  std::normal_distribution<double> normal;
  Problems pairs;
  for (int i = 0; i < samples; ++i) {
    const double along = 20 * normal(random), across = 4 * normal(random), place = i % 2 == 0 ? -60 : 60;
    pairs.features.push_back(static_cast<std::int8_t>(std::clamp(place + along + across, -128.0, 127.0)));
    pairs.features.push_back(static_cast<std::int8_t>(std::clamp(-place + along - across, -128.0, 127.0)));
    (i < samples * 3 / 4 ? pairs.train : pairs.validation).push_back(i);
  }
  return pairs;
}

TEST_CASE("a Whitening measures the distance in standard deviations from the nearest of the places where samples lie") {
  const Problems pairs = make_pairs(800);
  const Network network{1, 1, 2, {{.type = "Flatten"}, {.type = "Whitening"}}, Anomaly{}};
  const TrainData data{.features = pairs.features, .labels = {}, .train = pairs.train, .validation = pairs.validation};
  const TrainResult result = train(network, data, {}, go_on);
  REQUIRE(result.history.size() == 1);
  CHECK(result.history[0].validation_loss == Approx(result.history[0].train_loss).epsilon(0.3));
  const Centres centres = anomaly_centres(result.model);
  CHECK(centres.size() > 1);

  const auto score = [&](double first, double second) {
    const std::vector<float> real{float((first + 128) / 255), float((second + 128) / 255)};
    return anomaly_score(read_centres(result.model), real, float_forward(result.model, real));
  };
  CHECK(score(-60, 60) < 1.5);
  CHECK(score(60, -60) < 1.5);
  CHECK(score(-45, 75) < 2);  // along the samples
  CHECK(score(-45, 45) > 5);  // as far across them
  CHECK(score(0, 0) > 20);    // between the two
  CHECK(score(127, 127) > 20);

  TrainData alone = data;
  alone.validation = {};
  const TrainResult without_validation = train(network, alone, {}, go_on);
  CHECK(weights_of(without_validation.model) == weights_of(result.model));
  CHECK(without_validation.history[0].validation_loss == 0);
  CHECK(weights_of(train(network, data, {}, go_on).model) == weights_of(result.model));
}

TEST_CASE("samples that are all the same are fitted too, and any other is far from them") {
  Problems same;
  same.features.assign(40 * 2, 7);
  for (int i = 0; i < 40; ++i) (i < 30 ? same.train : same.validation).push_back(i);
  const Network network{1, 1, 2, {{.type = "Flatten"}, {.type = "Whitening"}}, Anomaly{}};
  const TrainData data{.features = same.features, .labels = {}, .train = same.train, .validation = same.validation};
  const Model model = train(network, data, {}, go_on).model;
  const std::vector<float> is{135 / 255.f, 135 / 255.f}, other{150 / 255.f, 135 / 255.f};
  CHECK(anomaly_score(read_centres(model), is, float_forward(model, is)) < 0.01);
  CHECK(anomaly_score(read_centres(model), other, float_forward(model, other)) > 100);
}
