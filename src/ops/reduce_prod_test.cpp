#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model product_of(DType type, const Shape& shape, const std::vector<std::int32_t>& axes, bool keep_dims) {
  const Quantization quantization = type == DType::int8 ? plain : Quantization{};
  return one_node("reduce_prod", {{"in", type, shape, quantization, {}}, numbers(axes)},
                  {{"keep_dims", std::int64_t{keep_dims}}}, {{"out", type, {}, quantization, {}}});
}

static Model random_product(RandomModels& random, DType type) {
  Shape shape = random.shape();
  for (int& side : shape) side = std::min(side, 3);  // the largest product of 27 is 4^27: 1e16
  std::vector<std::int32_t> axes{random.pick(0, static_cast<int>(shape.size()) - 1)};
  if (random.one_in(2)) axes.push_back(-1);
  return product_of(type, shape, axes, random.one_in(2));
}

static const Cases product_cases{
    {.op = "reduce_prod", .types = {DType::int32, DType::float32}, .make = random_product}};

TEST_CASE("reduce_prod multiplies along any axes: of a shape it makes a size") {
  const auto of = [](const std::vector<std::int32_t>& in) {
    return answer<std::int32_t>(product_of(DType::int32, {static_cast<int>(in.size())}, {0}, false), in);
  };
  CHECK(of({1, 8, 9, 3}) == std::vector<std::int32_t>{216});
  CHECK(of({1 << 30, 4, -1}) == std::vector<std::int32_t>{0});  // wraps around
  CHECK(answer<float>(product_of(DType::float32, {2, 2}, {1}, true), std::vector<float>{1, 2, -3, 0.5f}) ==
        std::vector<float>{2, -1.5f});
}

TEST_CASE("reduce_prod says what it cannot run") {
  CHECK_THAT(refusal_of(product_of(DType::int8, {2}, {0}, false)), Contains("must be the same of int32, float32"));
}
