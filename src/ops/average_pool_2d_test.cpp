#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases average_pool_2d_cases = node_cases("average_pool_2d", int8_int16_float);

static OneNode pool(const Shape& in, std::int64_t padding, std::int64_t size, std::int64_t stride) {
  return {.op = "average_pool_2d", .in = in, .attributes = pool_attributes(padding, size, stride)};
}

TEST_CASE("average_pool_2d rounds halves away from zero, on both sides of it") {
  CHECK(run(one_node(pool({1, 2, 2, 1}, valid, 2, 2)), {1, 2, 3, 4}) == Numbers{3});       // 10 / 4
  CHECK(run(one_node(pool({1, 2, 2, 1}, valid, 2, 2)), {-1, -2, -3, -4}) == Numbers{-3});  // not -2
  CHECK(run(one_node(pool({1, 2, 2, 1}, valid, 2, 2)), {1, 0, 0, 0}) == Numbers{0});
}

TEST_CASE("average_pool_2d leaves padding out of the mean") {
  CHECK(run(one_node(pool({1, 1, 3, 1}, same, 2, 1)), {10, 20, 30}) == Numbers{15, 25, 30});
}

TEST_CASE("average_pool_2d keeps channels apart") {
  CHECK(run(one_node(pool({1, 2, 2, 2}, valid, 2, 1)), {0, 100, 4, -100, 8, 60, 12, -60}) == Numbers{6, 0});
}

TEST_CASE("average_pool_2d's fused activation counts from the zero point") {
  OneNode one = pool({1, 1, 2, 1}, valid, 1, 1);
  one.attributes["fused_activation_function"] = std::int64_t{relu};
  one.in_quantization = one.out_quantization = {{1}, {20}};
  CHECK(run(one_node(one), {10, 30}) == Numbers{20, 30});
}

TEST_CASE("average_pool_2d says what it cannot run") {
  OneNode one = pool({1, 4, 4, 1}, valid, 2, 2);
  one.out = {1, 2, 2, 1};
  const auto refusal = [&](const char* attribute, std::int64_t value) {
    Model model = one_node(one);
    model.nodes[0].attributes[attribute] = value;
    return refusal_of(model);
  };
  CHECK(refusal("stride_h", 2) == "");
  CHECK_THAT(refusal("filter_height", 0), Contains("its window is 0 x 2, not 1 to 255"));
  CHECK_THAT(refusal("filter_width", -1), Contains("its window is 2 x -1, not 1 to 255"));
  CHECK_THAT(refusal("filter_width", 5), Contains("its window of 2 x 5 is larger than its input of 4 x 4"));
  CHECK_THAT(refusal("filter_height", INT32_MAX), Contains("not 1 to 255"));
  CHECK_THAT(refusal("stride_w", -1), Contains("stride_w is -1, not 1 to 255"));
  CHECK_THAT(refusal("padding", 2), Contains("its padding is 2, neither SAME nor VALID"));
}

TEST_CASE("average_pool_2d refuses to change the quantization, since nothing requantizes") {
  OneNode one = pool({1, 4, 4, 1}, valid, 2, 2);
  one.out_quantization = {{0.5f}, {0}};
  CHECK_THAT(refusal_of(one_node(one)), Contains("its input and output are quantized differently"));
}
