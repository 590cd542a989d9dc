#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model unit_of(DType type, const Shape& shape, const Quantization& in,
                     const Quantization& out = {{1.0f / 128}, {0}}) {
  return one_node("l2_normalization", {{"in", type, shape, in, {}}},
                  {{"fused_activation_function", std::int64_t{none}}},
                  {{"out", type, {}, type == DType::float32 ? Quantization{} : out, {}}});
}

static Model random_unit(RandomModels& random, DType type) {
  return unit_of(type, random.shape(), random.quantization(type));
}

static const Cases norm_cases{{.op = "l2_normalization", .types = int8_and_float, .make = random_unit}};

TEST_CASE("l2_normalization divides by the length of each row") {
  CHECK(run(unit_of(DType::int8, {2}, plain), {3, 4}) == Numbers{77, 102});  // 0.6, 0.8
  CHECK(run(unit_of(DType::int8, {2, 2}, {{0.1f}, {10}}), {10, 20, 5, 10}) == Numbers{0, 127, -128, 0});
  CHECK(answer<float>(unit_of(DType::float32, {2}, {}), std::vector<float>{3, -4}) == std::vector<float>{0.6f, -0.8f});
}

TEST_CASE("l2_normalization leaves zeros as they are") {
  CHECK(run(unit_of(DType::int8, {3}, {{1}, {7}}), {7, 7, 7}) == Numbers{0, 0, 0});
  CHECK(answer<float>(unit_of(DType::float32, {1}, {}), std::vector<float>{0}) == std::vector<float>{0});
}

TEST_CASE("l2_normalization says what it cannot run") {
  CHECK_THAT(refusal_of(unit_of(DType::int8, {2}, plain, plain)),
             Contains("its output's scale is not 1/128 with zero point 0"));
  CHECK_THAT(refusal_of(unit_of(DType::int8, {40000}, plain)), Contains("it has 40000 channels; at most 32767"));
  Model model = unit_of(DType::int8, {2}, plain);
  model.nodes[0].attributes["fused_activation_function"] = std::int64_t{relu};
  CHECK_THAT(refusal_of(model), Contains("it has a fused activation"));
}
