#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model expanded(const Tensor& in, std::int32_t axis, const Shape& out = {}) {
  const Tensor operand = constant("axis", DType::int32, {}, std::vector<std::int32_t>{axis});
  return one_node("expand_dims", {in, operand}, {}, {{"out", in.dtype, out, in.quantization, {}}});
}

static Tensor part(const Shape& shape) { return {"in", DType::int8, shape, plain, {}}; }

static const Cases expand_dims_cases{
    {.op = "expand_dims", .types = int8_int16_float, .make = [](RandomModels& random, DType type) {
       const Tensor in = random.tensor(type, random.shape());
       const int rank = static_cast<int>(in.shape.size());
       return expanded(in, random.pick(-rank - 1, rank));
     }}};

TEST_CASE("expand_dims adds a dimension of 1 where the axis says, and leaves the bytes as they are") {
  CHECK(expanded(part({2, 3}), 0).tensors[2].shape == Shape{1, 2, 3});
  CHECK(expanded(part({2, 3}), -1).tensors[2].shape == Shape{2, 3, 1});
  CHECK(run(expanded(part({3}), 1), {1, -2, 3}) == Numbers{1, -2, 3});
}

TEST_CASE("expand_dims says what it cannot run") {
  CHECK_THAT(refusal_of(expanded(part({2, 3}), 3, {2, 3, 1})), Contains("its axis is 3, and there are 3 dimensions"));
  CHECK_THAT(refusal_of(expanded(part({2, 3}), 1, {2, 3, 1})), Contains("its output should be 2x1x3"));
  Model model = expanded(part({3}), 0);
  model.tensors[1].data.clear();
  CHECK_THAT(refusal_of(model), Contains("its axis is not a constant"));
}
