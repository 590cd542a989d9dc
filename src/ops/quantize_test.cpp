#include <catch2/catch.hpp>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model quantize_of(const Shape& shape, DType from, const Quantization& in, DType to, const Quantization& out) {
  Model model = one_node({.op = "quantize", .in = shape, .in_quantization = in, .out_quantization = out});
  model.tensors[0].dtype = from;
  model.tensors[1].dtype = to;
  return model;
}

static Bytes bytes_of_reals(const std::vector<float>& reals) {
  Tensor tensor;
  set_values<float>(tensor, reals);
  return tensor.data;
}

TEST_CASE("quantize turns reals into steps from the zero point, to the nearest, halves away from zero, saturating") {
  const Model model = quantize_of({1, 6}, DType::float32, {}, DType::int8, {{0.5f}, {10}});
  check_supported(model);
  const float not_a_number = NAN;
  const Bytes out = reference_output(model, bytes_of_reals({0, 0.25f, -0.25f, 1000, -INFINITY, 1}));
  CHECK(out == bytes_of({10, 11, 9, 127, -128, 12}));
  CHECK(reference_output(model, bytes_of_reals(std::vector<float>(6, not_a_number))).size() == 6);
}

TEST_CASE("quantize moves uint8 to int8 by 128 where the scales agree") {
  const Model model = quantize_of({1, 3}, DType::uint8, {{0.1f}, {128}}, DType::int8, {{0.1f}, {0}});
  check_supported(model);
  CHECK(reference_output(model, bytes_of({0, 128, 255})) == bytes_of({-128, 0, 127}));
}

TEST_CASE("quantize rescales from one int8 scale to another") {
  const Model model = quantize_of({1, 3}, DType::int8, {{0.5f}, {-1}}, DType::int8, {{1}, {4}});
  CHECK(run(model, {-1, 5, 8}) == std::vector<int>{4, 7, 9});  // 0, 3, and 4.5 away from zero
}

TEST_CASE("quantize says what it cannot run") {
  const Quantization q{{1}, {0}};
  CHECK(refusal_of(quantize_of({1}, DType::int8, q, DType::int8, q)) == "");
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int16, q, DType::int8, q)), Contains("it turns int16 into int8"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int8, {}, DType::int8, q)), Contains("its input has not one scale"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::float32, q, DType::int8, {})),
             Contains("its output has not one scale"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int8, {{1e9f}, {0}}, DType::int8, {{1e-9f}, {0}})),
             Contains("over 2^15"));
}
