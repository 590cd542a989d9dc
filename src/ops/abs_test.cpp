#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model opposite_of(const std::string& op, DType type, const Shape& shape, const Quantization& in,
                         const Quantization& out) {
  return one_node(op, {{"in", type, shape, in, {}}}, {}, {{"out", type, {}, out, {}}});
}

/// A third is quantized alike.
static Model random_opposite(const std::string& op, RandomModels& random, DType type) {
  const Quantization in = random.quantization(type);
  Quantization out = random.one_in(3) ? in : random.quantization(type);
  if (!out.scale.empty()) out.scale[0] = in.scale[0] * random.real(0.5f, 3);
  return opposite_of(op, type, random.shape(), in, out);
}

/// TensorFlow Lite takes abs of int8 and floats, and neg of what has no scale.
static const Cases abs_cases{
    {.op = "abs",
     .types = numeric,
     .make = [](RandomModels& random, DType type) { return random_opposite("abs", random, type); },
     .unjudged = {DType::int32}}};
static const Cases neg_cases{
    {.op = "neg",
     .types = numeric,
     .make = [](RandomModels& random, DType type) { return random_opposite("neg", random, type); },
     .unjudged = {DType::int8}}};

TEST_CASE("abs takes the sign away, around the zero point, and brings all to the output's scale") {
  CHECK(run(opposite_of("abs", DType::int8, {4}, plain, plain), {-128, -4, 0, 127}) == Numbers{127, 4, 0, 127});
  CHECK(run(opposite_of("abs", DType::int8, {3}, {{1}, {10}}, {{0.5f}, {-5}}), {-10, 10, 20}) == Numbers{35, -5, 15});
}

TEST_CASE("neg turns the sign, around the zero point") {
  CHECK(run(opposite_of("neg", DType::int8, {3}, plain, plain), {-128, -4, 127}) == Numbers{127, 4, -127});
  CHECK(run(opposite_of("neg", DType::int8, {2}, {{1}, {10}}, {{2}, {0}}), {-10, 20}) == Numbers{10, -5});
}

TEST_CASE("abs and neg of int32 are of the numbers themselves; the least stays") {
  const std::vector<std::int32_t> in{-3, 4, INT32_MIN};
  const auto of = [&](const std::string& op) {
    return answer<std::int32_t>(opposite_of(op, DType::int32, {3}, {}, {}), in);
  };
  CHECK(of("abs") == std::vector<std::int32_t>{3, 4, INT32_MIN});
  CHECK(of("neg") == std::vector<std::int32_t>{3, -4, INT32_MIN});
}

TEST_CASE("abs says what it cannot run") {
  CHECK_THAT(refusal_of(opposite_of("abs", DType::int8, {1}, plain, {{1e-9f}, {0}})), Contains("overflows 32 bits"));
  CHECK_THAT(refusal_of(opposite_of("neg", DType::int16, {1}, {{1}, {3}}, plain)), Contains("the zero point 3"));
  CHECK_THAT(refusal_of(opposite_of("abs", DType::boolean, {1}, {}, {})), Contains("must be the same of int8, int16"));
}
