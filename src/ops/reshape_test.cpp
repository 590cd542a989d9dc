#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases reshape_cases = node_cases("reshape", int8_int16_float);

static const OneNode small{.op = "reshape", .in = {1, 2, 1, 3}, .out = {1, 6}};

TEST_CASE("reshape leaves the bytes as they are, in NHWC order") {
  CHECK(run(one_node(small), {1, 2, 3, -4, -5, -6}) == Numbers{1, 2, 3, -4, -5, -6});
}

TEST_CASE("reshape runs nothing and takes its input's place") {
  const Model model = one_node(small);
  CHECK(find_operator("reshape")->in_place);
  CHECK(find_operator("reshape")->emit(model, model.nodes[0]).row == "");
  CHECK(find_operator("reshape")->rows(model, model.nodes[0], 0, 0).count == 2);
}

TEST_CASE("reshape takes its shape from the output, so a target of -1 in the file does no harm") {
  OneNode one = small;
  one.attributes = {{"new_shape", std::vector<std::int64_t>{1, -1}}};
  CHECK(refusal_of(one_node(one)) == "");
}

TEST_CASE("reshape says what it cannot run") {
  OneNode one = small;
  one.out = {1, 7};
  CHECK_THAT(refusal_of(one_node(one)), Contains("it turns 1x2x1x3 into 1x7, which has another number of values"));
  one = small;
  one.out_quantization = {{0.5f}, {0}};
  CHECK_THAT(refusal_of(one_node(one)), Contains("its input and output are quantized differently"));
  Model model = one_node(small);
  model.tensors.back().dtype = DType::uint8;
  CHECK_THAT(refusal_of(model), Contains("its input and output have different types"));
}
