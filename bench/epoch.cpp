// Seconds that an epoch of training takes, with Dragonet's own trainer: what bench/epoch.py does with PyTorch's Python.
//   bench_epoch keywords|persons TRAIN VALIDATION THREADS EPOCHS
// prints one JSON object: {"parameters": N, "seconds": [an epoch each]}. The first epoch warms up, and is left out.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <random>
#include <string_view>

#include "base/error.h"
#include "train/train.h"

using namespace dragonet;

static void add_normalized(Network& network, Layer layer) {
  network.layers.push_back(std::move(layer));
  network.layers.push_back({.type = "BatchNormalization"});
  network.layers.push_back({.type = "ReLU"});
}

static void add_separable(Network& network, int filters, int stride) {
  add_normalized(network, {.type = "DepthwiseConv2D", .kernel = 3, .strides = stride, .same = true});
  add_normalized(network, {.type = "Conv2D", .filters = filters, .kernel = 1, .same = true});
}

static void add_answer(Network& network, int labels) {
  network.layers.push_back({.type = "GlobalAveragePooling2D"});
  network.layers.push_back({.type = "Dense", .filters = labels});
  network.layers.push_back({.type = "Softmax"});
}

/// MLPerf Tiny's keyword spotting, DS-CNN (Zhang et al. 2017, "Hello Edge", arXiv:1711.07128), without its Dropout.
static Network keywords() {
  Network network{49, 10, 1, {}};
  add_normalized(network, {.type = "Conv2D", .filters = 64, .kernel = {10, 4}, .strides = 2, .same = true});
  for (int block = 0; block < 4; ++block) add_separable(network, 64, 1);
  add_answer(network, 12);
  return network;
}

/// MLPerf Tiny's visual wake words, MobileNet v1 of width 0.25 (Howard et al. 2017, arXiv:1704.04861).
static Network persons() {
  Network network{96, 96, 3, {}};
  add_normalized(network, {.type = "Conv2D", .filters = 8, .kernel = 3, .strides = 2, .same = true});
  const std::pair<int, int> blocks[] = {{16, 1},  {32, 2},  {32, 1},  {64, 2},  {64, 1},  {128, 2}, {128, 1},
                                        {128, 1}, {128, 1}, {128, 1}, {128, 1}, {256, 2}, {256, 1}};
  for (const auto& [filters, stride] : blocks) add_separable(network, filters, stride);
  add_answer(network, 2);
  return network;
}

/// Every kind of augmentation that the network's input could have, all off.
static Augmentation no_augmentation(bool is_sound) {
  if (is_sound) return SoundAugmentation{.shift = 0, .gain_db = 0, .noise = 0, .mask_frames = 0, .mask_bands = 0};
  return ImageAugmentation{.shift = 0, .flip = false, .brightness = 0, .contrast = 0, .noise = 0};
}

namespace {

/// Random bytes, with labels that take turns: what is learned does not matter here.
struct MadeSamples {
  std::vector<std::int8_t> features;
  std::vector<int> labels, train, validation;

  MadeSamples(std::size_t bytes, int classes, int train_count, int validation_count)
      : features(bytes * (train_count + validation_count)),
        labels(train_count + validation_count),
        train(train_count),
        validation(validation_count) {
    std::mt19937 random(1);
    for (std::int8_t& value : features) value = static_cast<std::int8_t>(random());
    for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<int>(i) % classes;
    std::iota(train.begin(), train.end(), 0);
    std::iota(validation.begin(), validation.end(), train_count);
  }
};

}  // namespace

/// What is learned, batch normalizations' two of each channel too.
static std::size_t count_parameters(const Network& network) {
  const Network plain = expanded(network);
  const std::vector<Shape> shapes = output_shapes(plain);
  const std::vector<std::vector<int>> inputs = input_indices(plain);
  std::size_t count = 0;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const int before = inputs[i][0];
    const Shape in = before < 0 ? Shape{plain.height, plain.width, plain.channels} : shapes[before];
    const Shape weights = weights_shape(plain.layers[i], in, shapes[i]);
    if (plain.layers[i].type == "BatchNormalization") count += 2 * shapes[i].back();
    if (!weights.empty()) count += element_count(weights) + shapes[i].back();
  }
  return count;
}

static std::vector<double> time_epochs(const Network& network, const MadeSamples& samples,
                                       const TrainSettings& settings, int classes) {
  using Clock = std::chrono::steady_clock;
  std::vector<double> seconds;
  Clock::time_point last = Clock::now();
  const auto on_epoch = [&](const Epoch&) {
    const Clock::time_point now = Clock::now();
    seconds.push_back(std::chrono::duration<double>(now - last).count());
    last = now;
    return true;
  };
  train(network, {samples.features, samples.labels, samples.train, samples.validation, classes}, settings, on_epoch);
  seconds.erase(seconds.begin());
  return seconds;
}

static void measure(bool is_sound, int train_count, int validation_count, int threads, int epochs) {
  const Network network = is_sound ? keywords() : persons();
  const int classes = is_sound ? 12 : 2;
  const auto bytes = static_cast<std::size_t>(network.height) * network.width * network.channels;
  const MadeSamples samples(bytes, classes, train_count, validation_count);
  const TrainSettings settings{.epochs = epochs + 1,
                               .patience = epochs + 1,
                               .learning_rate = 0.001,
                               .label_smoothing = 0,
                               .class_weights = false,
                               .threads = threads,
                               .augmentation = no_augmentation(is_sound)};
  const std::vector<double> seconds = time_epochs(network, samples, settings, classes);
  fmt::print("{{\"parameters\": {}, \"seconds\": [{:.4f}]}}\n", count_parameters(network), fmt::join(seconds, ", "));
}

int main(int count, char** arguments) try {
  const bool is_sound = count > 1 && std::string_view(arguments[1]) == "keywords";
  if (count != 6 || (!is_sound && std::string_view(arguments[1]) != "persons")) {
    fmt::print(stderr, "usage: bench_epoch keywords|persons TRAIN VALIDATION THREADS EPOCHS\n");
    return 2;
  }
  measure(is_sound, std::atoi(arguments[2]), std::atoi(arguments[3]), std::atoi(arguments[4]), std::atoi(arguments[5]));
} catch (const Error& error) {
  fmt::print(stderr, "{}\n", error.what());
  return 1;
}
