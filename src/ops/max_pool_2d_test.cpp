#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases max_pool_2d_cases = node_cases("max_pool_2d", int8_int16_float);

static OneNode pool(const Shape& in, std::int64_t padding, std::int64_t size, std::int64_t stride) {
  return {.op = "max_pool_2d", .in = in, .attributes = pool_attributes(padding, size, stride)};
}

TEST_CASE("max_pool_2d takes the largest value of each window, channel by channel") {
  CHECK(run(one_node(pool({1, 2, 2, 1}, valid, 2, 2)), {-9, 4, 3, -128}) == Numbers{4});
  CHECK(run(one_node(pool({1, 1, 2, 2}, same, 2, 2)), {1, -5, -1, -3}) == Numbers{1, -3});
}

TEST_CASE("max_pool_2d never takes padding, even where all that it sees is the least value") {
  CHECK(run(one_node(pool({1, 1, 3, 1}, same, 3, 2)), {-128, -128, -127}) == Numbers{-128, -127});
}

TEST_CASE("max_pool_2d's windows may overlap, or leave the last column out") {
  CHECK(run(one_node(pool({1, 2, 4, 1}, valid, 2, 1)), {1, 2, 3, 0, 0, 0, 0, 9}) == Numbers{2, 3, 9});
  CHECK(run(one_node(pool({1, 2, 5, 1}, valid, 2, 2)), {1, 2, 3, 0, 99, 0, 0, 0, 0, 99}) == Numbers{2, 3});
}

TEST_CASE("max_pool_2d with RELU6 stops at the int8 for 6") {
  OneNode one = pool({1, 1, 3, 1}, valid, 1, 1);
  one.attributes["fused_activation_function"] = std::int64_t{relu6};
  one.in_quantization = one.out_quantization = {{0.25f}, {-100}};  // 6 is -76
  CHECK(run(one_node(one), {-128, -90, 127}) == Numbers{-100, -90, -76});
}

TEST_CASE("max_pool_2d refuses to change the quantization") {
  OneNode one = pool({1, 4, 4, 1}, valid, 2, 2);
  one.out_quantization = {{1}, {3}};
  CHECK_THAT(refusal_of(one_node(one)), Contains("its input and output are quantized differently"));
}

TEST_CASE("max_pool_2d multiplies nothing") {
  const Model model = one_node(pool({1, 4, 4, 1}, valid, 2, 2));
  CHECK(find_operator("max_pool_2d")->macs(model, model.nodes[0]) == 0);
}
