#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model filled(const Shape& shape, const Tensor& value) {
  return one_node("fill", {numbers({shape.begin(), shape.end()}), value}, {},
                  {{"out", value.dtype, shape, value.quantization, {}}});
}

static Model zeros_like(const Tensor& in) {
  return one_node("zeros_like", {in}, {}, {{"out", in.dtype, {}, in.quantization, {}}});
}

static const Cases fill_cases{{.op = "fill", .types = numeric, .make = [](RandomModels& random, DType type) {
                                 const Shape shape = random.shape();
                                 return filled(shape, random.tensor(type, {}));
                               }}};
/// Of int8 TensorFlow Lite makes none.
static const Cases zeros_cases{
    {.op = "zeros_like",
     .types = numeric,
     .make = [](RandomModels& random, DType type) { return zeros_like(random.tensor(type, random.shape())); },
     .unjudged = {DType::int8},
     .share = 4}};

TEST_CASE("fill makes a tensor of one value, which may be computed") {
  CHECK(run(filled({2, 2}, {"value", DType::int8, {}, plain, {}}), {7}) == Numbers{7, 7, 7, 7});
}

TEST_CASE("zeros_like makes as many zeros as there are values; of int8 the zero point") {
  CHECK(run(zeros_like({"in", DType::int8, {3}, {{0.5f}, {-7}}, {}}), {1, 2, 3}) == Numbers{-7, -7, -7});
}

TEST_CASE("fill says what it cannot run") {
  const Tensor value{"value", DType::int8, {}, plain, {}};
  Model model = filled({2}, value);
  model.tensors[0].data.clear();
  CHECK_THAT(refusal_of(model), Contains("its shape is not a constant"));
  model = filled({2}, value);
  model.tensors[0] = numbers({-2});
  CHECK_THAT(refusal_of(model), Contains("its shape has a side of -2"));
  CHECK_THAT(refusal_of(filled({2}, {"value", DType::int8, {2}, plain, {}})),
             Contains("it fills with 2 values, not 1"));
}
