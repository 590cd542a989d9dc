#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases conv_2d_cases = node_cases("conv_2d", int8_int16_float);

// A kernel of 2 x 2 over 3 x 3, worked out by hand below.
static const OneNode small{.op = "conv_2d",
                           .in = {1, 3, 3, 1},
                           .attributes = window_attributes(valid),
                           .weights_shape = {1, 2, 2, 1},
                           .weights = {1, 2, 3, 4},
                           .bias = {10}};

static OneNode one_row(int columns, const Numbers& weights, Attributes attributes) {
  return {.op = "conv_2d",
          .in = {1, 1, columns, 1},
          .attributes = std::move(attributes),
          .weights_shape = {1, 1, static_cast<int>(weights.size()), 1},
          .weights = weights};
}

TEST_CASE("conv_2d sums weight times cell under each window, and adds the bias") {
  CHECK(run(one_node(small), {1, 2, 3, 4, 5, 6, 7, 8, 9}) ==
        Numbers{1 + 4 + 12 + 20 + 10, 2 + 6 + 15 + 24 + 10, 4 + 10 + 21 + 32 + 10, 5 + 12 + 24 + 36 + 10});
}

TEST_CASE("conv_2d without a bias adds nothing, whether the file leaves it out or says -1") {
  Model model = one_node(one_row(2, {3}, window_attributes(valid)));
  CHECK(run(model, {1, 2}) == Numbers{3, 6});
  model.nodes[0].inputs.push_back(-1);
  CHECK(run(model, {1, 2}) == Numbers{3, 6});
}

TEST_CASE("conv_2d with SAME padding at stride 2 pads the end where the padding is odd") {
  CHECK(run(one_node(one_row(4, {1, 1, 1}, window_attributes(same, 2))), {1, 2, 3, 4}) == Numbers{1 + 2 + 3, 3 + 4});
}

TEST_CASE("conv_2d with dilation 2 skips every other cell") {
  Attributes attributes = window_attributes(valid);
  attributes["dilation_w_factor"] = 2;
  CHECK(run(one_node(one_row(5, {1, 10}, attributes)), {1, 2, 3, 4, 5}) == Numbers{1 + 30, 2 + 40, 3 + 50});
}

TEST_CASE("conv_2d pads with the input's zero point, which stands for the real 0") {
  OneNode shifted = one_row(3, {7, 7, 7}, window_attributes(same));
  shifted.in_quantization = {{1}, {5}};
  shifted.out_quantization = {{1}, {-20}};
  CHECK(run(one_node(shifted), {5, 5, 5}) == Numbers{-20, -20, -20});
  CHECK(run(one_node(shifted), {6, 5, 5}) == Numbers{7 - 20, 7 - 20, -20});
}

TEST_CASE("conv_2d has a weight scale for each output channel") {
  const OneNode two{.op = "conv_2d",
                    .in = {1, 1, 1, 1},
                    .attributes = window_attributes(valid),
                    .weights_shape = {2, 1, 1, 1},
                    .weights = {4, 2},  // real 1 and 2
                    .in_quantization = {{0.5f}, {0}},
                    .weights_quantization = {{0.25f, 1.0f}, {0, 0}, 0},
                    .out_quantization = {{0.5f}, {0}}};
  CHECK(run(one_node(two), {8}) == Numbers{8, 16});  // real 4 * 1 and 4 * 2, in halves
}

TEST_CASE("conv_2d's fused RELU6 stops at the int8 that stands for 6, and RELU at the one for 0") {
  OneNode clipped = one_row(3, {1}, window_attributes(valid, 1, relu6));
  clipped.out_quantization = {{0.5f}, {-10}};  // 6 is 12 steps above -10
  CHECK(run(one_node(clipped), {-50, 3, 50}) == Numbers{-10, -4, 2});
  clipped.attributes["fused_activation_function"] = std::int64_t{relu};
  CHECK(run(one_node(clipped), {-50, 3, 50}) == Numbers{-10, -4, 90});
}

TEST_CASE("conv_2d's MACs are outputs times taps") {
  const Model model = one_node(small);
  CHECK(find_operator("conv_2d")->macs(model, model.nodes[0]) == 4 * 4);
}

TEST_CASE("conv_2d says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = one_node(small);
    change(model);
    return refusal_of(model);
  };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["stride_h"] = 0; }), Contains("stride_h is 0, not 1 to 255"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["dilation_w_factor"] = 2; }), Contains("output should be"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["dilation_w_factor"] = 200; }),
             Contains("its window of 2 x 2 is larger than its input of 3 x 3"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["fused_activation_function"] = 4; }),
             Contains("its fused activation 4 is not"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {1, 3, 3, 2}; }), Contains("no whole number of groups"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {2, 3, 3, 1}; }), Contains("its batch is 2, not 1"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {9, 1}; }), Contains("its input has 2 dimensions, not 4"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[1].data.clear(); }), Contains("its weights are not constant"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[1].quantization.zero_point = {1}; }),
             Contains("its weights' zero point is 1, not 0"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[1].quantization.scale = {1, 1};
             }),
             Contains("its weights have 2 scales for 1 channels"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[2].shape = {2}; }),
             Contains("its bias is 2 int32, not 1 constant values"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs = {0}; }), Contains("its weights are not 4-dimensional"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].inputs[0] = -1; }), Contains("its input is missing"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].outputs = {3, 0}; }), Contains("it has 2 outputs, not 1"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].op = "conv_9d"; }), Contains("the operator CONV_9D is not supported"));
}

TEST_CASE("conv_2d refuses a window of which the input holds only a part, at any stride") {
  OneNode wide = one_row(2, {1, 1, 1}, window_attributes(valid, 2));
  wide.out = {1, 1, 1, 1};  // what (in - kernel) / stride + 1 would say
  CHECK_THAT(refusal_of(one_node(wide)), Contains("its window of 1 x 3 is larger than its input of 1 x 2"));
}

TEST_CASE("conv_2d refuses sums that could overflow 32 bits, and scales that would") {
  OneNode large = small;
  large.bias = {INT32_MAX - 255 * 10 - 1};
  CHECK_THAT(refusal_of(one_node(large)), Contains("overflows 32 bits"));  // 255 * (1 + 2 + 3 + 4) more
  large.out_quantization = {{2.0f}, {0}};                                  // a factor of 1/2, so no shift to the left
  large.bias[0] -= 1;
  CHECK(refusal_of(one_node(large)) == "");
  large.out_quantization = {{1e-30f}, {0}};
  CHECK_THAT(refusal_of(one_node(large)), Contains("overflows 32 bits"));
}
