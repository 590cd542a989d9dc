#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases add_cases = node_cases("add", {DType::int8});

static Attributes activation(std::int64_t number) { return {{"fused_activation_function", number}}; }

/// in + (in after a max_pool_2d of 1 x 1, which changes nothing); inputs quantized alike, since a pool's are.
static Model sum_of_itself(const Quantization& in, const Quantization& out, std::int64_t fused = none) {
  Model model = one_node({.op = "max_pool_2d",
                          .in = {1, 1, 4, 1},
                          .attributes = pool_attributes(valid, 1, 1),
                          .in_quantization = in,
                          .out_quantization = in});
  model.tensors.push_back({.name = "sum", .dtype = DType::int8, .shape = {1, 1, 4, 1}, .quantization = out});
  model.nodes.push_back({.op = "add", .index = 1, .inputs = {0, 1}, .outputs = {2}, .attributes = activation(fused)});
  model.outputs = {2};
  return model;
}

/// Two inputs of one value each with scales of their own.
static int sum(int a, const Quantization& first, int b, const Quantization& second, const Quantization& out) {
  Model model{.name = "two", .source = "two.tflite", .inputs = {0}, .outputs = {2}};
  const auto tensor = [](const Quantization& q) { return Tensor{"t", DType::int8, {1, 1}, q, {}}; };
  model.tensors = {tensor(first), tensor(second), tensor(out)};
  model.nodes = {{.op = "add", .inputs = {0, 1}, .outputs = {2}}};
  check_supported(model);
  TensorBytes bytes{bytes_of({a}), bytes_of({b}), Bytes(1)};
  find_operator("add")->reference(model, model.nodes[0], bytes);
  return static_cast<std::int8_t>(bytes[2][0]);
}

TEST_CASE("add sums what its inputs stand for, whatever their scales and zero points") {
  CHECK(sum(10, {{0.5f}, {0}}, 20, {{0.25f}, {0}}, {{1}, {0}}) == 10);    // 5 + 5
  CHECK(sum(10, {{0.5f}, {-10}}, 20, {{2}, {25}}, {{1}, {100}}) == 100);  // 10 - 10
  CHECK(sum(127, {{1}, {0}}, 127, {{1}, {0}}, {{1}, {0}}) == 127);        // saturated
  CHECK(sum(-128, {{1}, {127}}, -128, {{1}, {127}}, {{2}, {127}}) == -128);
  CHECK(sum(1, {{1}, {0}}, 127, {{1e-9f}, {0}}, {{1}, {0}}) == 1);  // the other is too small to see
}

TEST_CASE("add rounds halves away from zero, as the reference's two roundings do") {
  const Quantization half{{0.5f}, {0}};
  CHECK(sum(2, half, 1, half, plain) == 2);  // 1.5
  CHECK(sum(-2, half, -1, half, plain) == -2);
  CHECK(sum(2, half, -1, half, plain) == 1);  // 0.5
}

TEST_CASE("add clamps to its fused activation") {
  CHECK(run(sum_of_itself(plain, plain), {-3, 0, 2, 5}) == Numbers{-6, 0, 4, 10});
  CHECK(run(sum_of_itself(plain, plain, relu), {-3, 0, 2, 5}) == Numbers{0, 0, 4, 10});
  CHECK(run(sum_of_itself(plain, plain, relu6), {-3, 0, 2, 5}) == Numbers{0, 0, 4, 6});
}

TEST_CASE("add of floats is their sum") {
  Model model = sum_of_itself({}, {}, relu6);
  for (Tensor& tensor : model.tensors) tensor.dtype = DType::float32;
  const std::vector<float> in{-1, 0.25f, 2, 5};
  const Bytes out = reference_output(model, {reinterpret_cast<const std::uint8_t*>(in.data()), 16});
  const auto* reals = reinterpret_cast<const float*>(out.data());
  CHECK(std::vector<float>(reals, reals + 4) == std::vector<float>{0, 0.5f, 4, 6});
}

TEST_CASE("add says what it cannot run") {
  Model model = sum_of_itself(plain, plain);
  model.tensors[1].shape = {1, 1, 1, 1};
  CHECK_THAT(refusal_of(model), Contains("its inputs are 1x1x4x1 and 1x1x1x1; only equal shapes are supported"));
  model = sum_of_itself(plain, plain);
  model.nodes[1].inputs = {0};
  CHECK_THAT(refusal_of(model), Contains("it does not have two inputs"));
  model = sum_of_itself(plain, plain);
  model.tensors[1].data = Bytes(4);
  model.nodes.erase(model.nodes.begin());
  CHECK_THAT(refusal_of(model), Contains("one of its inputs is a constant"));
  CHECK_THAT(refusal_of(sum_of_itself({{1}, {0}}, {{1e-9f}, {0}})), Contains("too small for its inputs'"));
  CHECK_THAT(refusal_of(sum_of_itself(plain, plain, 4)), Contains("fused activation 4"));
}
