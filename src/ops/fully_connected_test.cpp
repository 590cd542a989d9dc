#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases fully_connected_cases = node_cases("fully_connected", int8_int16_float);

static const OneNode small{
    .op = "fully_connected", .in = {1, 3}, .weights_shape = {2, 3}, .weights = {1, 2, 3, -1, 0, 4}, .bias = {7, -7}};

TEST_CASE("fully_connected multiplies every input with its weight, row by row, and adds the bias") {
  CHECK(run(one_node(small), {1, -2, 5}) == Numbers{1 - 4 + 15 + 7, -1 + 20 - 7});
}

TEST_CASE("fully_connected takes the zero points off its input and puts its output's on") {
  OneNode shifted = small;
  shifted.in_quantization = {{1}, {100}};
  shifted.out_quantization = {{1}, {-3}};
  CHECK(run(one_node(shifted), {101, 98, 105}) == Numbers{19 - 3, 12 - 3});
}

TEST_CASE("fully_connected takes an image as one row of values") {
  OneNode image = small;
  image.in = {1, 1, 3, 1};
  const Model model = one_node(image);
  CHECK(model.tensors.back().shape == Shape{1, 2});
  CHECK(run(model, {1, -2, 5}) == Numbers{19, 12});
  CHECK(find_operator("fully_connected")->rows(model, model.nodes[0], 0, 0).count == 1);
}

TEST_CASE("fully_connected needs all rows of an image") {
  OneNode image = small;
  image.in = {1, 3, 1, 1};
  const Model model = one_node(image);
  const Rows rows = find_operator("fully_connected")->rows(model, model.nodes[0], 0, 0);
  CHECK(rows.first == 0);
  CHECK(rows.count == 3);
}

TEST_CASE("fully_connected with keep_num_dims changes only the last dimension") {
  OneNode kept = small;
  kept.in = {1, 1, 1, 3};
  kept.attributes = {{"keep_num_dims", std::int64_t{1}}};
  CHECK(one_node(kept).tensors.back().shape == Shape{1, 1, 1, 2});
}

TEST_CASE("fully_connected may have a weight scale for each output") {
  OneNode scaled = small;
  scaled.bias = {};
  scaled.weights_quantization = {{1.0f, 0.5f}, {0, 0}, 0};
  CHECK(run(one_node(scaled), {1, -2, 5}) == Numbers{12, 10});  // 19 / 2 is 9.5, rounded away from 0
}

TEST_CASE("fully_connected says what it cannot run") {
  const auto refusal = [](auto change) {
    Model model = one_node(small);
    change(model);
    return refusal_of(model);
  };
  CHECK(refusal([](Model&) {}) == "");
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {2, 3}; }), Contains("its output should be 2x2"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].shape = {}; }), Contains("its weights take 3 values"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[0].shape = {3, 1};
               m.nodes[0].attributes["keep_num_dims"] = 1;
             }),
             Contains("its input is 3x1 and its weights take 3 values"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[1].shape = {6}; }), Contains("its weights are not 2-dimensional"));
  CHECK_THAT(refusal([](Model& m) { m.nodes[0].attributes["weights_format"] = 1; }),
             Contains("its weights are shuffled"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[1].dtype = DType::uint8; }),
             Contains("its weights are uint8 and its input int8"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[3].dtype = DType::int16; }),
             Contains("both must be the same of int8, int16, float32"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[0].quantization.zero_point = {128}; }),
             Contains("its input has the zero point 128, which int8 may not"));
  CHECK_THAT(refusal([](Model& m) { m.tensors[3].quantization = {}; }), Contains("its output has 0 scales, not 1"));
  CHECK_THAT(refusal([](Model& m) {
               m.tensors[3].shape = {1, 3};
             }),
             Contains("its output should be 1x2, and the file says 1x3"));
}
