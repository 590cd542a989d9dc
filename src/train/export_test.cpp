#include "train/export.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>

#include "ops/check.h"
#include "ops/run_reference.h"
#include "train/train_fixture.h"

using namespace dragonet;

TEST_CASE("the exported model answers as torch did, for odd and even sizes, strides 1 and 2, same and valid padding") {
  for (const auto& [height, width] : {std::pair(9, 12), {12, 9}, {7, 7}, {8, 10}})
    for (const int stride : {1, 2})
      for (const bool same : {true, false}) {
        INFO(height << "x" << width << " stride " << stride << (same ? " same" : " valid"));
        const Layer conv{.type = "Conv2D", .filters = 5, .kernel = 3, .strides = stride, .same = same};
        const Layer depthwise{.type = "DepthwiseConv2D", .kernel = 3, .strides = stride, .same = same};
        const Layer norm{.type = "BatchNormalization"};
        check_export_answers_like_torch({height,
                                         width,
                                         2,
                                         {conv,
                                          norm,
                                          {.type = "ReLU"},
                                          depthwise,
                                          norm,
                                          {.type = "Flatten"},
                                          {.type = "Dropout", .rate = 0.2},
                                          {.type = "Dense", .filters = 3},
                                          {.type = "Softmax"}}},
                                        3);
      }
}

TEST_CASE("features are the reals that their scale and zero point say") {
  const MapSize size{7, 8, 2};
  check_export_answers_like_torch(small_network(size, 2), 2, {{0.031f}, {17}, 0});
  check_export_answers_like_torch(small_network(size, 2), 2, {{1.0f / 128}, {0}, 0});
}
TEST_CASE("the exported model answers as torch did with every kind of pool") {
  for (const bool same : {true, false})
    for (const char* pool : {"MaxPooling2D", "AveragePooling2D"})
      for (const Sides kernel : {Sides(2), Sides(3), Sides(1, 3)}) {
        INFO(pool << " " << kernel.height << "x" << kernel.width << (same ? " same" : " valid"));
        const Layer conv{.type = "Conv2D", .filters = 4, .kernel = 2, .same = true, .activation = "relu"};
        const Layer window{.type = pool, .kernel = kernel, .strides = 2, .same = same};
        const Layer dense{.type = "Dense", .filters = 6, .use_bias = false};
        check_export_answers_like_torch({9,
                                         8,
                                         1,
                                         {conv,  // an even kernel pads unevenly
                                          window,
                                          {.type = "GlobalAveragePooling2D"},
                                          dense,
                                          {.type = "BatchNormalization", .epsilon = 0.1},
                                          {.type = "ReLU"},
                                          {.type = "Dense", .filters = 2, .activation = "softmax"}}},
                                        2);
      }
}

static std::vector<std::string> operators_of(const Network& network) {
  std::vector<std::string> names;
  for (const Node& node : untrained_model(network).nodes) {
    const std::int64_t activation = node.integer("fused_activation_function");
    names.push_back(node.op + (activation == 1 ? "+relu" : activation == 3 ? "+relu6" : ""));
  }
  return names;
}
using Names = std::vector<std::string>;

TEST_CASE("the exported model answers as torch did with branches, separable convolutions and kernels that are oblong") {
  const Network network{10,
                        8,
                        2,
                        {{.type = "SeparableConv2D",
                          .name = "stem",
                          .filters = 6,
                          .kernel = {3, 2},
                          .strides = 2,
                          .depth_multiplier = 2,
                          .same = true,
                          .activation = "relu6"},
                         {.type = "Conv2D", .name = "wide", .filters = 6, .kernel = 3, .dilation = 2, .same = true},
                         {.type = "BatchNormalization", .name = "norm"},
                         {.type = "Conv2D", .name = "short", .inputs = {"stem"}, .filters = 6, .kernel = 1},
                         {.type = "Add", .name = "sum", .inputs = {"norm", "short", "stem"}, .activation = "relu"},
                         {.type = "Reshape", .target_shape = {4, 5, -1}},
                         {.type = "DepthwiseConv2D", .kernel = {1, 3}, .depth_multiplier = 3},
                         {.type = "Flatten"},
                         {.type = "Dense", .filters = 3}}};
  CHECK(operators_of(network) == Names{"depthwise_conv_2d", "conv_2d+relu6", "conv_2d", "conv_2d", "add", "add+relu",
                                       "reshape", "depthwise_conv_2d", "reshape", "fully_connected", "softmax"});
  check_export_answers_like_torch(network, 3);
}

TEST_CASE("the exported model answers as torch did with layers of sequences, padding and joined branches") {
  const Layer norm{.type = "BatchNormalization"};
  const Network motion{
      26,
      1,
      3,
      {{.type = "ZeroPadding1D", .zeros = {{2, 1}, {}}},
       {.type = "Conv1D", .name = "stem", .filters = 6, .kernel = 5, .strides = 2, .same = true},
       norm,
       {.type = "ReLU", .name = "active"},
       {.type = "SeparableConv1D", .name = "short", .filters = 5, .kernel = 3, .same = true, .activation = "relu"},
       {.type = "DepthwiseConv1D", .name = "long", .inputs = {"active"}, .kernel = 3, .dilation = 2, .same = true},
       {.type = "Concatenate", .inputs = {"short", "long"}},
       {.type = "MaxPooling1D", .kernel = 3, .same = true},
       {.type = "AveragePooling1D"},
       {.type = "GlobalMaxPooling1D"},
       {.type = "Dense", .filters = 2}}};
  CHECK(operators_of(motion) == Names{"pad", "conv_2d+relu", "depthwise_conv_2d", "conv_2d+relu", "depthwise_conv_2d",
                                      "concatenation", "max_pool_2d", "average_pool_2d", "max_pool_2d", "reshape",
                                      "fully_connected", "softmax"});
  check_export_answers_like_torch(motion, 2, {{1.0f / 64}, {-3}, 0});

  const Network sound{12,
                      7,
                      1,
                      {{.type = "ZeroPadding2D", .zeros = {{0, 1}, {2, 0}}},
                       {.type = "Conv1D", .filters = 6, .kernel = 3},
                       {.type = "GlobalAveragePooling1D", .name = "mean"},
                       {.type = "Dense", .inputs = {"mean"}, .filters = 3, .activation = "relu"},
                       {.type = "Concatenate", .inputs = {"mean", "dense_1"}},
                       {.type = "Dense", .filters = 2}}};
  check_export_answers_like_torch(sound, 2);
}

static float largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  float largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

static std::vector<float> answers_of_reference(const Model& model, const std::vector<float>& input) {
  Bytes bytes(input.size() * sizeof(float)), output;
  std::memcpy(bytes.data(), input.data(), bytes.size());
  output = reference_output(model, bytes);
  std::vector<float> reals(output.size() / sizeof(float));
  std::memcpy(reals.data(), output.data(), output.size());
  return reals;
}

TEST_CASE("the exported model answers as torch did with LSTMs, stacked, of rows of a map, and with their last step") {
  const Network motion{26,
                       1,
                       3,
                       {{.type = "Conv1D", .filters = 5, .kernel = 3, .strides = 2, .activation = "relu"},
                        {.type = "LSTM", .name = "first", .filters = 6, .return_sequences = true},
                        {.type = "ReLU"},
                        {.type = "LSTM", .filters = 4},
                        {.type = "Dense", .filters = 2}}};
  CHECK(operators_of(motion) == Names{"conv_2d+relu", "reshape", "unidirectional_sequence_lstm", "reshape", "relu",
                                      "reshape", "unidirectional_sequence_lstm", "reshape", "strided_slice",
                                      "fully_connected", "softmax"});
  check_export_answers_like_torch(motion, 2, {{1.0f / 64}, {-3}, 0});

  const Network sound{9,
                      7,
                      1,
                      {{.type = "LSTM", .name = "steps", .filters = 5, .return_sequences = true},
                       {.type = "GlobalMaxPooling1D", .name = "most"},
                       {.type = "LSTM", .name = "last", .inputs = {"image"}, .filters = 3},
                       {.type = "Concatenate", .inputs = {"most", "last"}},
                       {.type = "Dense", .filters = 2}}};
  check_export_answers_like_torch(sound, 2);
  for (const Network& network : {motion, sound}) {
    const Model model = untrained_model(network);
    check_supported(model);
    const Problems problems = make_problems({network.height, network.width, network.channels}, 2, 4);
    for (int i = 0; i < 4; ++i) {
      const std::vector<float> input = reals_of(problems, i);
      CHECK(largest_difference(answers_of_reference(model, input), float_forward(model, input)) < 1e-5f);
    }
  }
}

TEST_CASE("a ReLU is fused into the node before it, but not where that node's plain output goes elsewhere too") {
  const Layer conv{.type = "Conv2D", .name = "conv", .filters = 4, .kernel = 3};
  const std::vector<Layer> head{{.type = "GlobalAveragePooling2D"}, {.type = "Dense", .filters = 2}};
  Network network{6, 6, 1, {conv, {.type = "Dropout", .rate = 0.1}, {.type = "ReLU", .max_value = 6}}};
  network.layers.insert(network.layers.end(), head.begin(), head.end());
  CHECK(operators_of(network) == Names{"conv_2d+relu6", "average_pool_2d", "reshape", "fully_connected", "softmax"});

  network.layers = {conv, {.type = "ReLU", .name = "relu"}, {.type = "Add", .inputs = {"conv", "relu"}}};
  network.layers.insert(network.layers.end(), head.begin(), head.end());
  CHECK(operators_of(network) ==
        Names{"conv_2d", "relu", "add", "average_pool_2d", "reshape", "fully_connected", "softmax"});
  check_export_answers_like_torch(network, 2);

  network.layers[1].max_value = 6;
  network.layers[2].inputs = {"relu", "relu"};
  network.layers.insert(network.layers.begin(), {.type = "ReLU", .max_value = 6});  // nothing before it
  CHECK(operators_of(network).front() == "relu6");
  check_export_answers_like_torch(network, 2);
}
