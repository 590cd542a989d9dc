#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;

static Model dequantize_of(DType from, const Quantization& in, DType to) {
  Model model = one_node({.op = "dequantize", .in = {1, 3}, .in_quantization = in});
  model.tensors[0].dtype = from;
  model.tensors[1].dtype = to;
  return model;
}

/// Two of one input, so that neither is an edge, which the host would do.
static Model random_dequantize(RandomModels& random, DType type) {
  Quantization in = random.quantization(type);
  if (type == DType::uint8) in = {{random.real(0.01f, 0.1f)}, {random.pick(0, 255)}};
  Model model = one_node("dequantize", {{"in", type, random.shape(), in, {}}}, {}, {{.name = "first"}});
  model.tensors.push_back(model.tensors[1]);
  model.nodes.push_back({.op = "dequantize", .index = 1, .inputs = {0}, .outputs = {2}});
  model.outputs = {2, 1};
  return model;
}

static const Cases dequantize_cases{{.op = "dequantize",
                                     .types = {DType::int8, DType::uint8, DType::int16},
                                     .make = random_dequantize,
                                     .judged_within = 0}};

static std::vector<float> reals_of(const Bytes& bytes) {
  const auto* first = reinterpret_cast<const float*>(bytes.data());
  return {first, first + bytes.size() / sizeof(float)};
}

TEST_CASE("dequantize gives scale times steps from the zero point, of int8 and of uint8") {
  const Model of_int8 = dequantize_of(DType::int8, {{0.5f}, {-2}}, DType::float32);
  check_supported(of_int8);
  CHECK(reals_of(reference_output(of_int8, bytes_of({-128, -2, 127}))) == std::vector<float>{-63, 0, 64.5f});
  const Model of_uint8 = dequantize_of(DType::uint8, {{0.25f}, {128}}, DType::float32);
  check_supported(of_uint8);
  CHECK(reals_of(reference_output(of_uint8, bytes_of({0, 128, 255}))) == std::vector<float>{-32, 0, 31.75f});
}

TEST_CASE("dequantize says what it cannot run") {
  CHECK_THAT(refusal_of(dequantize_of(DType::int32, plain, DType::float32)), Contains("it turns int32 into float32"));
  CHECK_THAT(refusal_of(dequantize_of(DType::int8, plain, DType::int8)), Contains("it turns int8 into int8"));
  CHECK_THAT(refusal_of(dequantize_of(DType::int8, {}, DType::float32)), Contains("its input has 0 scales, not 1"));
}
