#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases depthwise_conv_2d_cases = node_cases("depthwise_conv_2d", int8_int16_float);

// Two channels, a kernel of 1 x 2 each, over three columns.
static const OneNode small{.op = "depthwise_conv_2d",
                           .in = {1, 1, 3, 2},
                           .attributes = window_attributes(valid),
                           .weights_shape = {1, 1, 2, 2},
                           .weights = {1, 10, 2, 20},  // [column][channel]
                           .bias = {5, -5}};

TEST_CASE("depthwise_conv_2d gives every channel its own kernel and mixes none") {
  CHECK(run(one_node(small), {1, -1, 2, -2, 3, -3}) == Numbers{1 + 4 + 5, -10 - 40 - 5, 2 + 6 + 5, -20 - 60 - 5});
}

TEST_CASE("depthwise_conv_2d with depth multiplier 2 makes outputs 2c and 2c + 1 of input channel c") {
  const OneNode doubled{.op = "depthwise_conv_2d",
                        .in = {1, 1, 1, 2},
                        .attributes = window_attributes(valid),
                        .weights_shape = {1, 1, 1, 4},
                        .weights = {1, 2, 3, 4}};
  CHECK(run(one_node(doubled), {10, -10}) == Numbers{10, 20, -30, -40});
}

TEST_CASE("depthwise_conv_2d's scales lie along the last dimension of its weights") {
  OneNode scaled = small;
  scaled.bias = {};
  scaled.weights_quantization = {{1.0f, 0.5f}, {0, 0}, 3};
  CHECK(run(one_node(scaled), {1, 2, 0, 0, 0, 0}) == Numbers{1, 10, 0, 0});
  scaled.weights_quantization.axis = 0;
  CHECK_THAT(refusal_of(one_node(scaled)), Contains("its weights have 2 scales for 2 channels"));
}

TEST_CASE("depthwise_conv_2d pads with the input's zero point") {
  OneNode padded{.op = "depthwise_conv_2d",
                 .in = {1, 1, 2, 1},
                 .attributes = window_attributes(same),
                 .weights_shape = {1, 1, 3, 1},
                 .weights = {1, 2, 4},
                 .in_quantization = {{1}, {-128}}};
  CHECK(run(one_node(padded), {-128, -127}) == Numbers{4, 2});
}

TEST_CASE("depthwise_conv_2d says what it cannot run") {
  const auto refusal = [](const Shape& weights_shape) {
    OneNode one = small;
    one.weights_shape = weights_shape;
    one.weights.resize(element_count(weights_shape));
    one.out = {1, 1, 2, 2};
    return refusal_of(one_node(one));
  };
  CHECK(refusal({1, 1, 2, 2}) == "");
  CHECK_THAT(refusal({2, 1, 2, 2}), Contains("its weights are 2x1x2x2 for 2 input channels"));
  CHECK_THAT(refusal({1, 1, 2, 3}), Contains("its weights are 1x1x2x3 for 2 input channels"));
  CHECK_THAT(refusal({1, 1, 4, 2}), Contains("its window of 1 x 4 is larger than its input of 1 x 3"));
  CHECK_THAT(refusal({1, 300, 1, 2}), Contains("its window is 300 x 1, not 1 to 255"));
  CHECK_THAT(refusal({4, 2}), Contains("its weights are not 4-dimensional"));
}

TEST_CASE("depthwise_conv_2d's MACs are outputs times the taps of one channel") {
  const Model model = one_node(small);
  CHECK(find_operator("depthwise_conv_2d")->macs(model, model.nodes[0]) == 4 * 2);
}
