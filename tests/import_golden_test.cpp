// Training that begins with a model from elsewhere: MLPerf Tiny's ResNet-8, trained in Keras and written by
// TensorFlow's own converter, which folded its batch normalizations. The golden outputs are TensorFlow Lite Micro's.
#include <catch2/catch.hpp>
#include <cstring>

#include "golden.h"
#include "ops/run_reference.h"
#include "tflite/tflite.h"
#include "train/import.h"
#include "train/train.h"

using namespace dragonet;

static Layer convolution(int filters, int kernel, int strides, const std::string& input = "") {
  Layer layer{.type = "Conv2D", .filters = filters, .kernel = kernel, .strides = strides, .same = true};
  if (!input.empty()) layer.inputs = {input};
  return layer;
}

/// Two convolutions beside a shortcut, which halves the map too from the second stack on.
static void add_stack(std::vector<Layer>& layers, int filters, int strides, const std::string& from) {
  const std::string name = "stack" + std::to_string(filters);
  const Layer norm{.type = "BatchNormalization"}, relu{.type = "ReLU"};
  for (const Layer& layer : {convolution(filters, 3, strides, from), norm, relu, convolution(filters, 3, 1)})
    layers.push_back(layer);
  layers.push_back({.type = "BatchNormalization", .name = name + "/long"});
  if (strides > 1) {
    layers.push_back(convolution(filters, 1, strides, from));
    layers.back().name = name + "/short";
  }
  layers.push_back({.type = "Add", .inputs = {strides > 1 ? name + "/short" : from, name + "/long"}});
  layers.push_back({.type = "ReLU", .name = name});
}

/// Source: MLPerf Tiny, image classification, keras_model.py, resnet_v1_eembc.
static Network resnet_8() {
  Network network{32, 32, 3, {convolution(16, 3, 1), {.type = "BatchNormalization"}, {.type = "ReLU", .name = "stem"}}};
  add_stack(network.layers, 16, 1, "stem");
  add_stack(network.layers, 32, 2, "stack16");
  add_stack(network.layers, 64, 2, "stack32");
  network.layers.push_back({.type = "AveragePooling2D", .kernel = 8});
  network.layers.push_back({.type = "Flatten"});
  network.layers.push_back({.type = "Dense", .filters = 10, .activation = "softmax"});
  return network;
}

/// What no epoch at all makes of it; the pictures only give the normalizations some statistics.
static Model begun_with(const Model& model) {
  std::vector<std::int8_t> features(20 * 32 * 32 * 3);
  for (std::size_t i = 0; i < features.size(); ++i) features[i] = static_cast<std::int8_t>(i * i % 251);
  std::vector<int> labels(20), all(20);
  for (int i = 0; i < 20; ++i) labels[i] = i % 10, all[i] = i;
  const auto layers = import_layers(resnet_8(), model);
  return train(
             resnet_8(), {features, labels, all, all, 10}, {.epochs = 0}, [](const Epoch&) { return true; }, {}, layers)
      .model;
}

TEST_CASE("a ResNet-8 trained in Keras is imported into its layers, and answers as TensorFlow Lite does") {
  const auto golden = testing::find_golden("pretrainedResnet");
  if (!golden) return;
  const Model model = begun_with(read_tflite(golden->model));
  for (std::size_t vector = 0; vector < golden->inputs.size(); ++vector) {
    const Bytes output = reference_output(model, golden->inputs[vector]);
    REQUIRE(output.size() == golden->outputs[vector].size());
    std::vector<float> ours(10), theirs(10);
    std::memcpy(ours.data(), output.data(), output.size());
    std::memcpy(theirs.data(), golden->outputs[vector].data(), output.size());
    for (int i = 0; i < 10; ++i) CHECK(ours[i] == Approx(theirs[i]).margin(1e-4));
  }
}
