#include "train/import.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

#include "base/error.h"
#include "train/float_forward.h"
#include "train/train.h"
#include "train/train_fixture.h"

using namespace dragonet;

namespace {

/// Pictures of noise in two classes; the second is brighter.
struct Pictures {
  int height, width, channels;
  std::vector<std::int8_t> features{};
  std::vector<int> labels{}, train{}, validation{};

  Pictures(int height, int width, int channels, int count = 48) : height(height), width(width), channels(channels) {
    std::mt19937 random(11);
    for (int i = 0; i < count; ++i) {
      labels.push_back(i % 2);
      (i < count * 3 / 4 ? train : validation).push_back(i);
      for (int j = 0; j < height * width * channels; ++j)
        features.push_back(static_cast<std::int8_t>(random() % 120 - 80 + 40 * (i % 2)));
    }
  }
  TrainData data() const { return {features, labels, train, validation, 2}; }
  Floats reals(int sample) const {
    const std::size_t each = features.size() / labels.size();
    Floats reals(each);
    for (std::size_t i = 0; i < each; ++i) reals[i] = (features[sample * each + i] + 128) / 255.0f;
    return reals;
  }
};

}  // namespace

/// With every weight and bias drawn anew, as if somebody else had trained it; no channel stays at a bias of 0.
static Model somebodys_model(const Network& network) {
  Model model = untrained_model(network, 21);
  model.source = "theirs.tflite";
  std::mt19937 random(5);
  std::normal_distribution<float> normal(0, 0.3f);
  for (Tensor& tensor : model.tensors)
    if (tensor.name.ends_with("/bias") && tensor.name != "stem/depthwise/bias") {  // which has none: it is inside
      Floats bias(element_count(tensor.shape));
      for (float& value : bias) value = normal(random);
      set_values<float>(tensor, bias);
    }
  return model;
}

/// What comes of no epochs at all.
static Model begun_with(const Network& network, const Pictures& pictures, const Model& model) {
  return train(network, pictures.data(), {.epochs = 0}, go_on, {}, import_layers(network, model)).model;
}

static void check_equal_answers(const Model& a, const Model& b, const Pictures& pictures) {
  for (int sample = 0; sample < 8; ++sample) {
    const Floats ours = float_forward(a, pictures.reals(sample)), theirs = float_forward(b, pictures.reals(sample));
    REQUIRE(ours.size() == theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) CHECK(ours[i] == Approx(theirs[i]).margin(1e-4));
  }
}

static const Layer norm{.type = "BatchNormalization"}, relu{.type = "ReLU"};

/// Every type of layer, with branches, oblong windows and normalizations behind all that can have one.
static Network every_layer() {
  return {10,
          8,
          2,
          {{.type = "SeparableConv2D",
            .name = "stem",
            .filters = 6,
            .kernel = {3, 2},
            .strides = 2,
            .depth_multiplier = 2,
            .same = true},
           norm,
           {.type = "ReLU", .name = "active", .max_value = 6},
           {.type = "Conv2D", .name = "wide", .filters = 6, .kernel = 3, .dilation = 2, .same = true},
           {.type = "BatchNormalization", .name = "normal", .epsilon = 0.1},
           {.type = "DepthwiseConv2D", .inputs = {"active"}, .kernel = {1, 3}, .same = true, .use_bias = false},
           {.type = "BatchNormalization", .name = "deep"},
           {.type = "Add", .inputs = {"deep", "normal", "active"}, .activation = "relu"},
           {.type = "MaxPooling2D", .name = "pool", .same = true},
           {.type = "ZeroPadding2D", .zeros = {{0, 1}, {1, 1}}},
           {.type = "MaxPooling2D", .name = "same", .kernel = {2, 3}, .strides = 1},
           {.type = "Concatenate", .inputs = {"same", "pool"}},
           {.type = "AveragePooling2D", .kernel = {2, 1}},
           {.type = "Reshape", .target_shape = {2, 1, -1}},
           {.type = "Conv2D", .filters = 4, .kernel = 1, .activation = "relu"},
           {.type = "Flatten"},
           {.type = "Dropout", .rate = 0.3},
           {.type = "Dense", .filters = 5, .use_bias = false},
           norm,
           {.type = "Dense", .filters = 2}}};
}

static Network small_network(int filters = 6) {
  return {8,
          8,
          1,
          {{.type = "Conv2D", .name = "conv", .filters = filters, .kernel = 3, .strides = 2, .same = true},
           norm,
           relu,
           {.type = "DepthwiseConv2D", .name = "depthwise", .kernel = 3, .same = true},
           norm,
           relu,
           {.type = "GlobalAveragePooling2D", .name = "mean"},
           {.type = "Dense", .name = "scores", .filters = 2}}};
}

TEST_CASE("a network that begins with a model is that model's function, normalizations and all") {
  const Network everything = every_layer();
  const Pictures pictures(10, 8, 2), square(8, 8, 1);
  const Model model = somebodys_model(everything);
  check_equal_answers(begun_with(everything, pictures, model), model, pictures);

  const TrainResult trained = train(small_network(), square.data(), {.epochs = 4}, go_on);  // one of our own
  check_equal_answers(begun_with(small_network(), square, trained.model), trained.model, square);
}

TEST_CASE("a network with LSTMs that begins with a model is that model's function, and other units are told") {
  Network network{10, 3, 2, {{.type = "LSTM", .name = "first", .filters = 4, .return_sequences = true}}};
  network.layers.push_back({.type = "LSTM", .name = "second", .filters = 3});
  network.layers.push_back({.type = "Dense", .filters = 2});
  const Pictures pictures(10, 3, 2);
  const Model model = somebodys_model(network);
  check_equal_answers(begun_with(network, pictures, model), model, pictures);
  network.layers[1].filters = 5;
  CHECK_THROWS_WITH(import_layers(network, model),
                    Catch::Contains("layer second/sequence: it is a LSTM (weights 20x9)"));
  network.layers[1].filters = 3;
  network.layers[1].return_sequences = true;
  network.layers.insert(network.layers.begin() + 2, {.type = "Flatten"});
  CHECK_THROWS_WITH(import_layers(network, model), Catch::Contains("LastStep has no counterpart"));
}

/// As another converter writes the same network: other names, a MEAN for the pool and its reshape, no fused ReLU, no
/// softmax, and no bias where it is 0.
static Model as_others_write(Model model) {
  for (Tensor& tensor : model.tensors) tensor.name = "serving_default/" + std::to_string(tensor.shape.size());
  std::vector<Node> nodes;
  const auto add_node = [&](Node node) {
    node.index = static_cast<int>(nodes.size());
    nodes.push_back(std::move(node));
  };
  for (Node node : model.nodes) {
    if (node.op == "softmax") model.outputs = {node.inputs[0]};
    if (node.op == "softmax" || node.op == "reshape") continue;
    if (node.op == "average_pool_2d") {
      Tensor axes{.name = "axes", .dtype = DType::int32, .shape = {2}};
      set_values<std::int32_t>(axes, std::vector<std::int32_t>{1, 2});
      model.tensors.push_back(axes);
      const Node& flat = model.nodes[node.index + 1];
      node = {"mean", 0, {node.inputs[0], static_cast<int>(model.tensors.size()) - 1}, flat.outputs, {}};
    }
    if (node.integer("fused_activation_function") == 1) {
      node.attributes["fused_activation_function"] = std::int64_t{0};
      model.tensors.push_back({.name = "plain", .shape = model.output(node).shape});
      const int plain = static_cast<int>(model.tensors.size()) - 1, output = std::exchange(node.outputs[0], plain);
      add_node(node);
      node = {"relu", 0, {plain}, {output}, {}};
    }
    add_node(node);
  }
  model.nodes = nodes;
  return model;
}

TEST_CASE("a model that another converter wrote of the same layers does as well") {
  const Pictures pictures(8, 8, 1);
  const Model model = somebodys_model(small_network());
  const Model theirs = as_others_write(model);
  REQUIRE(theirs.nodes.size() == 6);  // two convolutions with a relu each, the mean, the dense one
  check_equal_answers(begun_with(small_network(), pictures, theirs), model, pictures);
}

TEST_CASE("a window that pads nothing is the same whether it is called same or valid") {
  Network pointwise{4, 4, 1, {{.type = "Conv2D", .filters = 2, .kernel = 1, .same = true}, {.type = "Flatten"}}};
  pointwise.layers.push_back({.type = "Dense", .filters = 2});
  const Model model = somebodys_model(pointwise);
  pointwise.layers[0].same = false;
  CHECK_NOTHROW(import_layers(pointwise, model));
}

TEST_CASE("another number of labels lets the last layer begin anew, and all others with the model's weights") {
  Network three = small_network();
  three.layers.back().filters = 3;
  const Model model = somebodys_model(small_network());
  const std::vector<TrainedLayer> kept = import_layers(small_network(), model),
                                  transferred = import_layers(three, model);
  REQUIRE(transferred.size() == kept.size());
  std::size_t last = 0;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (!kept[i].weights.empty()) last = i;
  for (std::size_t i = 0; i < last; ++i) CHECK(transferred[i].weights == kept[i].weights);
  CHECK(transferred[last].weights.size() == kept[last].weights.size() / 2 * 3);
  CHECK(transferred[last].bias == std::vector<float>(3));
  float largest = 0;
  for (const float weight : transferred[last].weights) largest = std::max(largest, std::fabs(weight));
  CHECK(largest > 0.1f);
  CHECK(largest < 1.5f);
}

TEST_CASE("training that begins with a trained model begins accurate, and never ends with a higher loss") {
  const Pictures pictures(8, 8, 1, 96);
  const TrainSettings settings{.epochs = 12, .learning_rate = 0.02};
  const TrainResult first = train(small_network(), pictures.data(), settings, go_on);
  const auto layers = import_layers(small_network(), first.model);
  const auto loss = [](const TrainResult& result) {
    double least = 1e9;
    for (const Epoch& epoch : result.history) least = std::min(least, epoch.validation_loss);
    return least;
  };
  const TrainResult again = train(small_network(), pictures.data(), settings, go_on, {}, layers);
  CHECK(again.history[0].validation_accuracy > 0.95);
  CHECK(again.history[0].validation_loss < first.history[0].validation_loss / 2);
  CHECK(loss(again) < loss(first) * 1.2);

  // Steps that lead far away: what it began with is kept.
  const TrainResult worse =
      train(small_network(), pictures.data(), {.epochs = 2, .learning_rate = 5}, go_on, {}, layers);
  for (const Epoch& epoch : worse.history) CHECK_FALSE(epoch.best);
  check_equal_answers(worse.model, first.model, pictures);
}

TEST_CASE("a training that began with a model, broken off and resumed, ends where an unbroken one does") {
  const Pictures pictures(8, 8, 1);
  const TrainSettings settings{.epochs = 6, .batch = 8};
  const auto layers = import_layers(small_network(), somebodys_model(small_network()));
  Bytes checkpoint;
  const auto save = [&](const Bytes& bytes) { checkpoint = bytes; };
  const auto after_two = [](const Epoch& epoch) { return epoch.number < 2; };
  const TrainResult unbroken = train(small_network(), pictures.data(), settings, go_on, {}, layers);
  train(small_network(), pictures.data(), settings, after_two, {.resume = {}, .save = save}, layers);
  const TrainResult resumed = train(small_network(), pictures.data(), settings, go_on, {.resume = checkpoint});
  REQUIRE(resumed.model.tensors.size() == unbroken.model.tensors.size());
  for (std::size_t i = 0; i < unbroken.model.tensors.size(); ++i)
    CHECK(resumed.model.tensors[i].data == unbroken.model.tensors[i].data);
}

static std::vector<std::string> complaints(const Network& network, const Model& model) {
  try {
    import_layers(network, model);
  } catch (const Error& error) {
    std::vector<std::string> all;
    for (const Problem& problem : error.problems) all.push_back(problem.where + ": " + problem.what);
    return all;
  }
  return {};
}
using Lines = std::vector<std::string>;

TEST_CASE("every difference between a model and the network is told, each in its place") {
  const Model model = somebodys_model(small_network());
  CHECK(complaints(small_network(), model).empty());

  Network other = small_network();
  other.width = 12;
  other.layers[0].strides = 1;
  other.layers[0].source = "dragonet.toml, line 40, column 1";
  other.layers[7].filters = 3;  // of the last Dense: no difference
  other.layers.insert(other.layers.begin() + 6, {.type = "MaxPooling2D", .name = "pool"});
  CHECK(complaints(other, model) ==
        Lines{"dragonet.toml, features: they give an image of 1x8x12x1, and the input of theirs.tflite is 1x8x8x1",
              "dragonet.toml, line 40, column 1, layer conv: it is a Conv2D (weights 6x3x3x1, strides 1x1, padding "
              "\"same\"), and theirs.tflite has a Conv2D (weights 6x3x3x1, strides 2x2, padding \"same\") there",
              "the network, layer pool: theirs.tflite has no MaxPooling2D (pool_size 2x2, strides 2x2, padding "
              "\"valid\") there"});

  Network shorter = small_network();
  shorter.layers.erase(shorter.layers.begin() + 3, shorter.layers.begin() + 6);
  CHECK(complaints(shorter, model) ==
        Lines{"theirs.tflite, node 1 (depthwise_conv_2d, depthwise): its DepthwiseConv2D (weights 1x3x3x6, strides "
              "1x1, padding \"same\") has no counterpart in the network",
              "theirs.tflite, node 1 (depthwise_conv_2d, depthwise): its ReLU has no counterpart in the network"});
}

TEST_CASE("layers that are connected otherwise are told, and so is a bias that has no place") {
  const Layer conv{.type = "Conv2D", .name = "a", .filters = 2, .kernel = 3, .same = true};
  Network network{4, 4, 2, {conv, conv, conv, {.type = "Add", .name = "sum", .inputs = {"b", "c"}}}};
  network.layers[1].name = "b";
  network.layers[2].name = "c";
  network.layers.push_back({.type = "GlobalAveragePooling2D"});
  const Model model = somebodys_model(network);
  Network other = network;
  other.layers[3].inputs = {"c", "b"};
  CHECK(complaints(other, model).empty());  // a sum has no order
  other.layers[3].inputs = {"a", "c"};
  other.layers[2].inputs = {"b"};
  CHECK(complaints(other, model) ==
        Lines{"the network, layer sum: it takes other layers' outputs than its counterpart in theirs.tflite"});
  network.layers[2].use_bias = false;
  CHECK(complaints(network, model) ==
        Lines{"the network, layer c: it has no bias, and its counterpart in theirs.tflite has one"});
}

TEST_CASE("a model that is quantized, or has no constant weights, is no start") {
  Model model = somebodys_model(small_network());
  Model int8 = model;
  int8.tensors[1].dtype = DType::int8;
  CHECK_THROWS_WITH(import_layers(small_network(), int8),
                    Catch::Contains("conv/kernel is int8") && Catch::Contains("beside a run's model.tflite"));
  model.tensors[1].data.clear();
  const auto found = complaints(small_network(), model);
  REQUIRE(found.size() >= 2);
  CHECK(found[0].find("has no Conv2D") != std::string::npos);
  CHECK(found.back().find("conv_2d has no counterpart") != std::string::npos);
}

TEST_CASE("a training whose loss is never a number ends in a sentence") {
  const Pictures pictures(8, 8, 1);
  CHECK_THROWS_WITH(train(small_network(), pictures.data(), {.epochs = 2, .learning_rate = 1e30}, go_on),
                    Catch::Contains("lower train.learning_rate"));
}
