#include <catch2/catch.hpp>

#include "ops/binary_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

/// Errors of half a step in either input come to no more than half a step of the output.
static Model random_sum(const std::string& op, RandomModels& random, DType type) {
  const auto out = [&](const Tensor& a, const Tensor& b) -> Quantization {
    const float scales = a.quantization.scale[0] + b.quantization.scale[0];
    return {{scales * random.real(1, 2)}, {type == DType::int16 ? 0 : random.pick(-128, 127)}};
  };
  return random_pairs(random, op, type, random.shape(), out, activation(random.pick(none, relu6)));
}

static Cases cases_of(const std::string& op) {
  return {{.op = op, .types = numeric, .make = [op](RandomModels& random, DType type) {
             return random_sum(op, random, type);
           }}};
}

static const Cases add_cases = cases_of("add");
static const Cases sub_cases = cases_of("sub");

/// in + in.
static Model sum_of_itself(const Quantization& in, const Quantization& out, std::int64_t fused = none) {
  Model model = one_node({.op = "relu", .in = {1, 1, 4, 1}, .in_quantization = in, .out_quantization = out});
  model.nodes[0] = {.op = "add", .inputs = {0, 0}, .outputs = {1}, .attributes = activation(fused)};
  return model;
}

TEST_CASE("add sums what its inputs stand for, whatever their scales and zero points") {
  CHECK(of_two("add", 10, {{0.5f}, {0}}, 20, {{0.25f}, {0}}, {{1}, {0}}) == 10);    // 5 + 5
  CHECK(of_two("add", 10, {{0.5f}, {-10}}, 20, {{2}, {25}}, {{1}, {100}}) == 100);  // 10 - 10
  CHECK(of_two("add", 127, {{1}, {0}}, 127, {{1}, {0}}, {{1}, {0}}) == 127);        // saturated
  CHECK(of_two("add", -128, {{1}, {127}}, -128, {{1}, {127}}, {{2}, {127}}) == -128);
  CHECK(of_two("add", 1, {{1}, {0}}, 127, {{1e-9f}, {0}}, {{1}, {0}}) == 1);  // the other is too small to see
}

TEST_CASE("add rounds halves away from zero, as the reference's two roundings do") {
  const Quantization half{{0.5f}, {0}};
  CHECK(of_two("add", 2, half, 1, half, plain) == 2);  // 1.5
  CHECK(of_two("add", -2, half, -1, half, plain) == -2);
  CHECK(of_two("add", 2, half, -1, half, plain) == 1);  // 0.5
}

TEST_CASE("add and sub of int32 are of the numbers themselves, and wrap around") {
  const std::vector<std::int32_t> in{INT32_MAX, 2, 1, -3};
  CHECK(of_plain<std::int32_t>("add", DType::int32, {2}, {2}, in, {}) == std::vector<std::int32_t>{INT32_MIN, -1});
  CHECK(of_plain<std::int32_t>("sub", DType::int32, {2}, {2}, in, {}) == std::vector<std::int32_t>{INT32_MAX - 1, 5});
}

TEST_CASE("sub takes the second from the first") {
  CHECK(of_two("sub", 10, {{0.5f}, {0}}, 20, {{0.25f}, {0}}, {{1}, {3}}) == 3);  // 5 - 5
  CHECK(of_two("sub", 10, plain, 30, plain, plain) == -20);
  CHECK(of_two("sub", -128, plain, 127, plain, plain) == -128);
}

TEST_CASE("add and sub repeat the values of an input whose dimension is 1 or missing") {
  const auto sums = [](const Shape& first, const Shape& second, const std::vector<float>& in) {
    return of_plain<float>("add", DType::float32, first, second, in, {});
  };
  CHECK(sums({2, 2}, {2}, {1, 2, 3, 4, 10, 20}) == std::vector<float>{11, 22, 13, 24});
  CHECK(sums({2, 1}, {1, 2}, {1, 2, 10, 20}) == std::vector<float>{11, 21, 12, 22});
  CHECK(sums({1}, {3}, {1, 10, 20, 30}) == std::vector<float>{11, 21, 31});
  CHECK(of_plain<std::int16_t>("sub", DType::int16, {1, 2, 1, 1}, {2}, {1000, 30, 1, 2}) ==
        std::vector<std::int16_t>{999, 998, 29, 28});
}

TEST_CASE("add clamps to its fused activation") {
  CHECK(run(sum_of_itself(plain, plain), {-3, 0, 2, 5}) == Numbers{-6, 0, 4, 10});
  CHECK(run(sum_of_itself(plain, plain, relu), {-3, 0, 2, 5}) == Numbers{0, 0, 4, 10});
  CHECK(run(sum_of_itself(plain, plain, relu6), {-3, 0, 2, 5}) == Numbers{0, 0, 4, 6});
}

TEST_CASE("add says what it cannot run") {
  Model model = sum_of_itself(plain, plain);
  model.nodes[0].inputs = {0};
  CHECK_THAT(refusal_of(model), Contains("it does not have two inputs"));
  CHECK_THAT(refusal_of(sum_of_itself({{1}, {0}}, {{1e-9f}, {0}})), Contains("too small for its inputs'"));
  CHECK_THAT(refusal_of(sum_of_itself(plain, plain, 4)), Contains("fused activation 4"));
  CHECK_THAT(refusal_of(sum_of_itself(plain, {{1, 1}, {0, 0}})), Contains("its output has 2 scales"));
}

static Model of_shapes(const Shape& first, const Shape& second, DType of_second = DType::int8) {
  return one_node("add", {{"a", DType::int8, first, plain, {}}, {"b", of_second, second, plain, {}}}, {},
                  {{"out", DType::int8, {1}, plain, {}}});
}

TEST_CASE("operators of two inputs say what does not go together") {
  CHECK_THAT(refusal_of(of_shapes({1, 4}, {1, 3})),
             Contains("its inputs are 1x4 and 1x3, which do not go together: 4 against 3"));
  CHECK_THAT(refusal_of(of_shapes({1, 1, 1, 1, 1, 1, 2}, {2})), Contains("at most 6 dimensions are supported"));
  CHECK_THAT(refusal_of(of_shapes({1}, {1}, DType::int16)), Contains("its inputs are int8 and int16"));
  CHECK_THAT(refusal_of(of_shapes({4}, {1})), Contains("its output should be 4, and the file says 1"));
  Model model = of_shapes({1}, {1});
  model.tensors[1].quantization = {};
  CHECK_THAT(refusal_of(model), Contains("its second input has 0 scales"));
}
