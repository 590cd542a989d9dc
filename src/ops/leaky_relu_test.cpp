#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Model leaky_relu_of(DType type, const Shape& shape, const Quantization& in, double alpha,
                           const Quantization& out) {
  return one_node("leaky_relu", {{"in", type, shape, in, {}}}, {{"alpha", alpha}}, {{"out", type, {}, out, {}}});
}

static Model random_leaky_relu(RandomModels& random, DType type) {
  const Quantization in = random.quantization(type);
  Quantization out = random.quantization(type);
  if (type != DType::float32) out.scale[0] = in.scale[0] * random.real(0.5f, 3);
  return leaky_relu_of(type, random.shape(), in, random.real(random.one_in(4) ? -0.5f : 0, 1.5f), out);
}

static const Cases leaky_relu_cases{{.op = "leaky_relu", .types = int8_int16_float, .make = random_leaky_relu}};

TEST_CASE("leaky_relu multiplies what is negative by alpha, and brings all to the output's scale") {
  CHECK(run(leaky_relu_of(DType::int8, {4}, plain, 0.5, plain), {-128, -4, 0, 127}) == Numbers{-64, -2, 0, 127});
  CHECK(run(leaky_relu_of(DType::int8, {3}, {{1}, {10}}, 0.25, {{0.5f}, {-5}}), {-10, 10, 20}) == Numbers{-15, -5, 15});
}

TEST_CASE("leaky_relu takes an alpha above 1, and a negative one") {
  CHECK(run(leaky_relu_of(DType::int8, {3}, plain, 2, plain), {-100, -4, 5}) == Numbers{-128, -8, 5});
  CHECK(run(leaky_relu_of(DType::int8, {3}, plain, -1, plain), {-100, -4, 5}) == Numbers{100, 4, 5});
}

TEST_CASE("leaky_relu says what it cannot run") {
  CHECK_THAT(refusal_of(leaky_relu_of(DType::float32, {1}, {}, INFINITY, {})), Contains("its alpha is inf"));
  CHECK_THAT(refusal_of(leaky_relu_of(DType::int8, {1}, plain, NAN, plain)), Contains("its alpha is nan"));
  CHECK_THAT(refusal_of(leaky_relu_of(DType::int8, {1}, plain, 1e30, plain)), Contains("that overflows 32 bits"));
  CHECK_THAT(refusal_of(leaky_relu_of(DType::int16, {1}, plain, 0.1, {{1e-9f}, {0}})), Contains("overflows 32 bits"));
  CHECK_THAT(refusal_of(leaky_relu_of(DType::int16, {1}, {{1}, {3}}, 0.1, plain)), Contains("the zero point 3"));
}
