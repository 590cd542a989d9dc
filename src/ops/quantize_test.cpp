#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model quantize_of(const Shape& shape, DType from, const Quantization& in, DType to, const Quantization& out) {
  Model model = one_node({.op = "quantize", .in = shape, .in_quantization = in, .out_quantization = out});
  model.tensors[0].dtype = from;
  model.tensors[1].dtype = to;
  return model;
}

static const std::vector<DType> bytes_and_words{DType::int8, DType::uint8, DType::int16};

static Quantization random_quantization(RandomModels& random, DType type) {
  if (type != DType::uint8) return random.quantization(type);
  return {{random.real(0.01f, 0.1f)}, {random.pick(0, 255)}};
}

/// Two of one input, so that neither is an edge, which the host would do. TensorFlow Lite is asked about the second,
/// and takes fewer pairs of types than we.
static Model random_quantize(RandomModels& random, DType type) {
  const Shape shape = random.shape();
  const DType first = bytes_and_words[random.pick(0, 2)];
  const DType second = type == DType::uint8 || random.one_in(2) ? DType::int8 : DType::uint8;
  Model model = one_node("quantize", {{"in", type, shape, random_quantization(random, type), {}}}, {},
                         {{"first", first, {}, random_quantization(random, first), {}}});
  model.tensors.push_back({"second", second, shape, random_quantization(random, second), {}});
  model.nodes.push_back({.op = "quantize", .index = 1, .inputs = {0}, .outputs = {2}});
  model.outputs = {2, 1};
  return model;
}

static const Cases quantize_cases{
    {.op = "quantize", .types = {DType::int8, DType::uint8, DType::int16, DType::float32}, .make = random_quantize}};

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

TEST_CASE("quantize goes from int32 to int16, and from int16 to int8 and back") {
  const Model narrow = quantize_of({1, 3}, DType::int32, {{0.001f}, {0}}, DType::int16, {{0.5f}, {0}});
  check_supported(narrow);
  Tensor in, out;
  set_values<std::int32_t>(in, std::vector<std::int32_t>{1000, INT32_MIN, -1250});
  out.data = reference_output(narrow, in.data);
  CHECK(std::ranges::equal(values<std::int16_t>(out), std::vector<std::int16_t>{2, -32768, -3}));
  const Model down = quantize_of({1, 3}, DType::int16, {{0.25f}, {0}}, DType::int8, {{1}, {-3}});
  set_values<std::int16_t>(in, std::vector<std::int16_t>{400, -32768, 3});
  CHECK(reference_output(down, in.data) == bytes_of({97, -128, -2}));
}

TEST_CASE("quantize goes from int16 and int8 to int32") {
  const Model wide = quantize_of({1, 3}, DType::int16, {{0.5f}, {0}}, DType::int32, {{0.0009765625f}, {0}});
  check_supported(wide);
  Tensor in, out;
  set_values<std::int16_t>(in, std::vector<std::int16_t>{2, -32768, 3});
  out.data = reference_output(wide, in.data);
  CHECK(std::ranges::equal(values<std::int32_t>(out), std::vector<std::int32_t>{1024, -16777216, 1536}));
  const Model bytes = quantize_of({1, 2}, DType::int8, {{1}, {-3}}, DType::int32, {{0.5f}, {0}});
  check_supported(bytes);
  out.data = reference_output(bytes, bytes_of({-3, 7}));
  CHECK(std::ranges::equal(values<std::int32_t>(out), std::vector<std::int32_t>{0, 20}));
}

TEST_CASE("quantize says what it cannot run") {
  const Quantization q{{1}, {0}};
  CHECK(refusal_of(quantize_of({1}, DType::int8, q, DType::int8, q)) == "");
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int32, q, DType::uint8, q)), Contains("it turns int32 into uint8"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int8, {}, DType::int8, q)), Contains("its input has 0 scales, not 1"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::float32, q, DType::int8, {})),
             Contains("its output has 0 scales, not 1"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int8, {{1e9f}, {0}}, DType::int8, {{1e-9f}, {0}})),
             Contains("that overflows 32 bits"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::int32, q, DType::int16, q)), Contains("which should be larger"));
  CHECK_THAT(refusal_of(quantize_of({1}, DType::uint8, {{1}, {-1}}, DType::int8, q)),
             Contains("its input has the zero point -1, which uint8 may not"));
}
