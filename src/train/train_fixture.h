// For tests: small problems that a network can learn, and small networks.
#pragma once

#include <catch2/catch.hpp>
#include <random>
#include <vector>

#include "train/float_forward.h"
#include "train/train.h"

namespace dragonet {

/// Pictures of one class are brighter at the top, of the other at the bottom, of a third everywhere the same.
struct Problems {
  std::vector<std::int8_t> features;
  std::vector<int> labels, train, validation;
  TrainData data(int classes) const { return {features, labels, train, validation, classes}; }
};

/// Pictures as they are.
inline const ImageAugmentation no_changes{.shift = 0,
                                          .flip = false,
                                          .zoom = 0,
                                          .rotation = 0,
                                          .brightness = 0,
                                          .contrast = 0,
                                          .hue = 0,
                                          .saturation = 0,
                                          .noise = 0,
                                          .cut_out = 0};

struct MapSize {
  int height, width, channels;
};

inline std::int8_t pixel(int label, int y, int height, std::mt19937& random) {
  const bool bright = label == 0 ? 2 * y < height : label == 1 ? 2 * y >= height : false;
  return static_cast<std::int8_t>((bright ? 60 : -60) + int(random() % 60) - 30);
}

inline Problems make_problems(const MapSize& size, int classes, int samples) {
  std::mt19937 random(3);
  Problems problems;
  for (int i = 0; i < samples; ++i) {
    problems.labels.push_back(i % classes);
    (i < samples * 3 / 4 ? problems.train : problems.validation).push_back(i);
    for (int y = 0; y < size.height; ++y)
      for (int j = 0; j < size.width * size.channels; ++j)
        problems.features.push_back(pixel(i % classes, y, size.height, random));
  }
  return problems;
}

inline Network small_network(const MapSize& in, int classes) {
  return {in.height,
          in.width,
          in.channels,
          {{.type = "Conv2D", .filters = 4, .kernel = 3, .strides = 2, .same = true},
           {.type = "BatchNormalization"},
           {.type = "ReLU"},
           {.type = "GlobalAveragePooling2D"},
           {.type = "Dense", .filters = classes},
           {.type = "Softmax"}}};
}

inline bool go_on(const Epoch&) { return true; }

inline std::vector<float> weights_of(const Model& model) {
  std::vector<float> all;
  for (const Tensor& tensor : model.tensors)
    if (tensor.is_constant() && tensor.dtype == DType::float32)
      all.insert(all.end(), values<float>(tensor).begin(), values<float>(tensor).end());
  return all;
}

inline std::vector<float> reals_of(const Problems& problems, int sample,
                                   const Quantization& input = TrainData{}.input) {
  const std::size_t each = problems.features.size() / problems.labels.size();
  std::vector<float> reals(each);
  for (std::size_t i = 0; i < each; ++i)
    reals[i] = input.scale[0] * static_cast<float>(problems.features[sample * each + i] - input.zero_point[0]);
  return reals;
}

/// Trains with a single sample to validate with: the best epoch's loss is then -log of the answer that torch gave for
/// its label, which the exported model must give too.
inline void check_export_answers_like_torch(const Network& network, int classes,
                                            const Quantization& input = TrainData{}.input) {
  Problems problems = make_problems({network.height, network.width, network.channels}, classes, 48);
  for (int validation : {45, 46}) {
    problems.validation = {validation};
    TrainData data = problems.data(classes);
    data.input = input;
    const TrainResult result = train(network, data, {.epochs = 3, .class_weights = false, .threads = 1}, go_on);
    const auto best =
        std::find_if(result.history.rbegin(), result.history.rend(), [](const Epoch& e) { return e.best; });
    const std::vector<float> answers = float_forward(result.model, reals_of(problems, validation, input));
    CHECK(answers[problems.labels[validation]] == Approx(std::exp(-best->validation_loss)).margin(1e-5));
    CHECK(std::accumulate(answers.begin(), answers.end(), 0.0) == Approx(1));
  }
}

}  // namespace dragonet
