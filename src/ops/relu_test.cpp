#include <catch2/catch.hpp>

#include "ops/op_cases.h"

using namespace dragonet;
using namespace dragonet::testing;
using Catch::Contains;
using Numbers = std::vector<int>;

static const Cases relu_cases = node_cases("relu", int8_int16_float);
static const Cases relu6_cases = node_cases("relu6", int8_int16_float);

static Cases clamp_cases(const std::string& op, const std::vector<DType>& unjudged) {
  const auto make = [op](RandomModels& random, DType type) {
    const Tensor in = random.tensor(type, random.shape());
    Tensor out = in;
    if (type == DType::int8) out.quantization.scale[0] *= random.real(0.3f, 3);
    return one_node(op, {in}, {}, {out});
  };
  return {{.op = op, .types = int8_int16_float, .make = make, .unjudged = unjudged, .share = 3}};
}

/// The second is newer than the TensorFlow Lite that is asked.
static const Cases n1_to_1_cases = clamp_cases("relu_n1_to_1", {});
static const Cases zero_to_1_cases = clamp_cases("relu_0_to_1", int8_and_float);

static OneNode node(const std::string& op, const Quantization& in, const Quantization& out) {
  return {.op = op, .in = {1, 1, 4, 1}, .in_quantization = in, .out_quantization = out};
}

TEST_CASE("relu keeps what is positive and makes the rest 0, which is the output's zero point") {
  CHECK(run(one_node(node("relu", plain, plain)), {-128, -1, 0, 127}) == Numbers{0, 0, 0, 127});
  CHECK(run(one_node(node("relu", {{1}, {-28}}, {{1}, {-128}})), {-128, -28, -27, 127}) ==
        Numbers{-128, -128, -127, 27});
}

TEST_CASE("relu brings its input to the output's scale, rounded to nearest") {
  CHECK(run(one_node(node("relu", {{0.5f}, {0}}, {{1}, {0}})), {-8, 4, 5, 127}) == Numbers{0, 2, 3, 64});
  CHECK(run(one_node(node("relu", {{1}, {0}}, {{0.5f}, {0}})), {-8, 4, 63, 64}) == Numbers{0, 8, 126, 127});
}

TEST_CASE("relu6 stops at the int8 for 6") {
  CHECK(run(one_node(node("relu6", {{0.25f}, {-100}}, {{0.25f}, {-100}})), {-128, -90, -77, 127}) ==
        Numbers{-100, -90, -77, -76});
}

TEST_CASE("relu_n1_to_1 and relu_0_to_1 stop at the int8 for their ends") {
  const Quantization quarters{{0.25f}, {-100}};
  CHECK(run(one_node(node("relu_n1_to_1", quarters, quarters)), {-128, -103, -97, 127}) ==
        Numbers{-104, -103, -97, -96});
  CHECK(run(one_node(node("relu_0_to_1", quarters, quarters)), {-128, -103, -97, 127}) ==
        Numbers{-100, -100, -97, -96});
}

TEST_CASE("relu and its like of floats") {
  for (const auto& [op, largest] : {std::pair("relu", 9.5f), {"relu6", 6.0f}, {"relu_0_to_1", 1.0f}}) {
    Model model = one_node(node(op, {}, {}));
    for (Tensor& tensor : model.tensors) tensor.dtype = DType::float32;
    const std::vector<float> in{-1, 0, 2.5f, 9.5f};
    const Bytes out = reference_output(model, {reinterpret_cast<const std::uint8_t*>(in.data()), 16});
    const auto* reals = reinterpret_cast<const float*>(out.data());
    CHECK(std::vector<float>(reals, reals + 4) == std::vector<float>{0, 0, std::min(2.5f, largest), largest});
  }
}

TEST_CASE("relu says what it cannot run") {
  CHECK_THAT(refusal_of(one_node(node("relu", {{1}, {0}}, {{1e-9f}, {0}}))), Contains("that overflows 32 bits"));
  Model model = one_node(node("relu", plain, plain));
  model.tensors[1].dtype = DType::uint8;
  CHECK_THAT(refusal_of(model), Contains("both must be the same of int8, int16, float32"));
}
