#include "compile/edges.h"

#include <catch2/catch.hpp>
#include <cstring>

#include "compile/compile.h"
#include "ops/check.h"
#include "ops/run_reference.h"

using namespace dragonet;

static const Quantization u8{{0.5f}, {128}, 0}, s8{{0.5f}, {0}, 0};

/// in -> quantize -> max pool of single cells -> last -> out; as converters write it for uint8 or float32 users.
static Model wrapped(DType outside, const std::string& last) {
  const Quantization edge = outside == DType::uint8 ? u8 : Quantization{};
  const Shape shape{1, 1, 4, 1};
  Model model{.name = "wrapped", .source = "wrapped.tflite", .inputs = {0}, .outputs = {3}};
  model.tensors = {{"in", outside, shape, edge, {}},
                   {"a", DType::int8, shape, s8, {}},
                   {"b", DType::int8, shape, s8, {}},
                   {"out", outside, shape, edge, {}}};
  const Attributes cell{{"padding", std::int64_t{1}},
                        {"stride_w", std::int64_t{1}},
                        {"stride_h", std::int64_t{1}},
                        {"filter_width", std::int64_t{1}},
                        {"filter_height", std::int64_t{1}}};
  model.nodes = {{.op = "quantize", .index = 0, .inputs = {0}, .outputs = {1}},
                 {.op = "max_pool_2d", .index = 1, .inputs = {1}, .outputs = {2}, .attributes = cell},
                 {.op = last, .index = 2, .inputs = {2}, .outputs = {3}}};
  return model;
}

/// Through the inner model's reference with the host's conversions at both ends.
static std::vector<std::uint8_t> through_edges(const Model& model, const std::vector<std::uint8_t>& input) {
  return outer_output(model, reference_output(without_edges(model), inner_input(model, input)));
}

TEST_CASE("a uint8 model becomes an int8 one whose values lie 128 lower") {
  const Model model = wrapped(DType::uint8, "quantize");
  check_supported(model);
  CHECK(inner_input(model, std::vector<std::uint8_t>{0, 127, 128, 255}) ==
        std::vector<std::uint8_t>{0x80, 0xff, 0, 127});
  CHECK(through_edges(model, {0, 127, 128, 255}) == std::vector<std::uint8_t>{0, 127, 128, 255});
}

TEST_CASE("a float32 model's reals are rounded to its int8 and saturate") {
  const Model model = wrapped(DType::float32, "dequantize");
  check_supported(model);
  const float in[] = {-1000, 0.3f, 0.25f, -3.5f}, out[] = {-64, 0.5f, 0.5f, -3.5f};  // 0.25 / 0.5 rounds away from 0
  std::vector<std::uint8_t> input(sizeof in);
  std::memcpy(input.data(), in, sizeof in);
  const std::vector<std::uint8_t> output = through_edges(model, input);
  CHECK(std::memcmp(output.data(), out, sizeof out) == 0);
}

TEST_CASE("what the edges did is what the whole model's reference does") {
  for (const Model& model : {wrapped(DType::uint8, "quantize"), wrapped(DType::float32, "dequantize")}) {
    std::vector<std::uint8_t> input(model.tensors[0].bytes());
    for (std::size_t i = 0; i < input.size(); ++i) input[i] = i % 4 == 3 ? 0x40 : static_cast<std::uint8_t>(37 * i);
    CHECK(through_edges(model, input) == reference_output(model, input));
  }
}

TEST_CASE("the emitted code of a wrapped model holds neither edge") {
  const EmittedModel emitted = compile_model(wrapped(DType::uint8, "quantize"));
  REQUIRE(emitted.layers.size() == 1);
  CHECK(emitted.layers[0].op == "max_pool_2d");
}

TEST_CASE("a model without edges stays as it is") {
  Model model = wrapped(DType::uint8, "quantize");
  model = without_edges(model);
  CHECK(without_edges(model).nodes.size() == 1);
  CHECK(inner_input(model, std::vector<std::uint8_t>{1, 2, 3, 4}) == std::vector<std::uint8_t>{1, 2, 3, 4});
}
