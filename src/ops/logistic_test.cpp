#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static Quantization prescribed(const std::string& op, DType type) {
  if (type == DType::float32) return {};
  if (type == DType::int16) return {{1.0f / 32768}, {0}};
  return op == "tanh" ? Quantization{{1.0f / 128}, {0}} : Quantization{{1.0f / 256}, {-128}};
}

static Model sigmoid_of(const std::string& op, DType type, const Shape& shape, const Quantization& in) {
  return one_node(op, {{"in", type, shape, in, {}}}, {}, {{"out", type, {}, prescribed(op, type), {}}});
}

/// One in four of int16 has a power of two as its scale, which is treated apart.
static Model random_sigmoid(const std::string& op, RandomModels& random, DType type) {
  Quantization in = random.quantization(type);
  if (type == DType::int16 && random.one_in(4)) in.scale[0] = std::ldexp(1.0f, random.pick(-13, -10));
  return sigmoid_of(op, type, random.shape(), in);
}

static Cases cases_of(const std::string& op) {
  return {{.op = op, .types = int8_int16_float, .make = [op](RandomModels& random, DType type) {
             return random_sigmoid(op, random, type);
           }}};
}

static const Cases logistic_cases = cases_of("logistic");
static const Cases tanh_cases = cases_of("tanh");

TEST_CASE("logistic goes from -128, which is 0, over 0, which is a half, to 127") {
  CHECK(run(sigmoid_of("logistic", DType::int8, {5}, plain), {-128, -1, 0, 1, 127}) == Numbers{-128, -59, 0, 59, 127});
  CHECK(run(sigmoid_of("logistic", DType::int8, {2}, {{1e10f}, {3}}), {2, 4}) == Numbers{-128, 127});
  CHECK(run(sigmoid_of("logistic", DType::int8, {2}, {{1e-30f}, {3}}), {-128, 127}) == Numbers{0, 0});
}

TEST_CASE("tanh goes from -128 over 0 to 127") {
  CHECK(run(sigmoid_of("tanh", DType::int8, {4}, {{0.1f}, {0}}), {-128, -5, 0, 5}) == Numbers{-128, -59, 0, 59});
}

static double exact(const std::string& op, double x) { return op == "tanh" ? std::tanh(x) : 1 / (1 + std::exp(-x)); }

/// Over all inputs, how many of the output's steps from the function's value, within what the type holds.
static double worst_steps(const std::string& op, DType type, const Quantization& in) {
  const Model model = sigmoid_of(op, type, {1}, in);
  check_supported(model);
  const int least = type == DType::int16 ? -32768 : -128;
  const Quantization& out = model.tensors[1].quantization;
  double worst = 0;
  for (int q = least; q < -least; ++q) {
    const Bytes bytes = reference_output(model, bytes_of(type == DType::int16 ? Numbers{q, q >> 8} : Numbers{q}));
    const int actual =
        type == DType::int16 ? static_cast<std::int16_t>(bytes[0] | bytes[1] << 8) : static_cast<std::int8_t>(bytes[0]);
    const double steps = exact(op, in.scale[0] * double(q - in.zero_point[0])) / out.scale[0] + out.zero_point[0];
    worst = std::max(worst, std::abs(actual - std::min(steps, -least - 1.0)));
  }
  return worst;
}

TEST_CASE("logistic and tanh are within one step of the functions in int8, and within 8 of 32768 in int16") {
  for (const std::string op : {"logistic", "tanh"}) {
    for (const float scale : {0.001f, 0.01f, 0.0423f, 0.1f, 1.0f})
      CHECK(worst_steps(op, DType::int8, {{scale}, {11}}) < 1);
    for (const float scale : {1.0f / 4096, 1.0f / 2048, 0.0001f, 0.00123f})
      CHECK(worst_steps(op, DType::int16, {{scale}, {0}}) < 8);
  }
}

TEST_CASE("logistic and tanh say what they cannot run") {
  Model model = sigmoid_of("logistic", DType::int8, {1}, plain);
  model.tensors[1].quantization.zero_point[0] = 0;
  CHECK_THAT(refusal_of(model), Contains("its output's scale is not 1/256 with zero point -128"));
  model = sigmoid_of("tanh", DType::int8, {1}, plain);
  model.tensors[1].quantization.scale[0] = 0.01f;
  CHECK_THAT(refusal_of(model), Contains("its output's scale is not 1/128 with zero point 0"));
  CHECK_THAT(refusal_of(sigmoid_of("tanh", DType::int16, {1}, {{3}, {0}})), Contains("scale 3 is not between"));
  CHECK_THAT(refusal_of(sigmoid_of("tanh", DType::int16, {1}, {{1e-9f}, {0}})), Contains("is not between"));
}
