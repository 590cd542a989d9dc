#include "ops/quantized.h"

#include <catch2/catch.hpp>

#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

TEST_CASE("a multiplier is a mantissa in [2^30, 2^31) and a power of two") {
  CHECK(multiplier_of(1).multiplier == 1 << 30);
  CHECK(multiplier_of(1).shift == 1);
  CHECK(multiplier_of(0.75).multiplier == 3 << 29);
  CHECK(multiplier_of(0.75).shift == 0);
  CHECK(multiplier_of(0).multiplier == 0);
  CHECK(multiplier_of(std::ldexp(1, -40)).multiplier == 0);  // every int32 becomes 0
  const Multiplier nearly_one = multiplier_of(1 - 1e-12);    // rounds up into the next power of two
  CHECK(nearly_one.multiplier == 1 << 30);
  CHECK(nearly_one.shift == 1);
}

TEST_CASE("a rounding shift goes to the nearest, halves away from zero") {
  CHECK(rounding_shift_right(5, 1) == 3);
  CHECK(rounding_shift_right(-5, 1) == -3);
  CHECK(rounding_shift_right(-7, 2) == -2);
  CHECK(rounding_shift_right(-6, 2) == -2);
  CHECK(rounding_shift_right(-5, 2) == -1);
  CHECK(rounding_shift_right(7, 0) == 7);
  CHECK(rounding_shift_right(INT32_MAX, 31) == 1);
  CHECK(rounding_shift_right(INT32_MIN, 31) == -1);
}

TEST_CASE("a doubling high multiply is 2ab / 2^32 to the nearest, and saturates at its one overflow") {
  CHECK(doubling_high_multiply(1 << 30, 1 << 30) == 1 << 29);
  CHECK(doubling_high_multiply(3, 1 << 30) == 2);    // 1.5
  CHECK(doubling_high_multiply(-3, 1 << 30) == -1);  // -1.5, and the half goes up: gemmlowp's way
  CHECK(doubling_high_multiply(INT32_MIN, INT32_MIN) == INT32_MAX);
}

TEST_CASE("rescaling rounds twice, as TensorFlow Lite Micro's reference does") {
  const Multiplier factor = multiplier_of(0.3);  // 1288490189 * 2^-32
  CHECK(factor.shift == -1);
  CHECK(rescale(5, factor) == 2);  // 3.0 of the first step, then 1.5: away from zero
  CHECK(rescale(-5, factor) == -2);
  CHECK(rescale(8, factor) == 3);  // 2.4 in one rounding would be 2; 4.8 becomes 5, and 2.5 becomes 3
  CHECK(rescale(100, multiplier_of(8)) == 800);
}

TEST_CASE("a fused activation's range is in steps from the zero point, inside int8") {
  const auto range = [](std::int64_t activation, float scale, int zero_point) {
    const Tensor output{.quantization = {{scale}, {zero_point}}};
    const Range r = activation_range({.attributes = {{"fused_activation_function", activation}}}, output);
    return std::pair(r.min, r.max);
  };
  CHECK(range(none, 0.5f, 3) == std::pair(-128, 127));
  CHECK(range(relu, 0.5f, 3) == std::pair(3, 127));
  CHECK(range(relu6, 0.5f, 3) == std::pair(3, 15));
  CHECK(range(relu_n1_to_1, 0.25f, -127) == std::pair(-128, -123));
  CHECK(range(relu6, 1e-40f, 0) == std::pair(0, 127));  // 6 is more steps away than an int can hold
}

/// The same network on the reals that its int8 constants stand for.
static Model as_float(Model model) {
  const float in_scale = model.tensors[0].quantization.scale[0];
  const std::vector<float> weight_scales =
      model.tensors.size() > 2 ? model.tensors[1].quantization.scale : std::vector<float>{};
  for (Tensor& tensor : model.tensors) {
    std::vector<float> reals;
    if (tensor.dtype == DType::int32)
      for (const std::int32_t q : values<std::int32_t>(tensor))
        reals.push_back(in_scale * weight_scales[weight_scales.size() > 1 ? reals.size() : 0] * static_cast<float>(q));
    else if (tensor.is_constant()) {
      const bool is_last = tensor.quantization.axis == 3;
      const std::size_t channels = tensor.shape[tensor.quantization.axis], count = element_count(tensor.shape);
      for (const std::int8_t q : values<std::int8_t>(tensor)) {
        const std::size_t channel = is_last ? reals.size() % channels : reals.size() / (count / channels);
        reals.push_back(weight_scales[weight_scales.size() > 1 ? channel : 0] * q);
      }
    }
    tensor.dtype = DType::float32;
    if (!reals.empty()) set_values<float>(tensor, reals);
  }
  return model;
}

/// The reals that the inputs' bytes stand for.
static Bytes reals_of(const Model& model, const Bytes& int8) {
  std::vector<float> reals;
  std::size_t at = 0;
  for (const int t : model.inputs)
    for (const std::size_t end = at + model.tensors[t].bytes(); at < end; ++at)
      reals.push_back(real_of(model.tensors[t], static_cast<std::int8_t>(int8[at])));
  Tensor tensor;
  set_values<float>(tensor, reals);
  return tensor.data;
}

/// The largest difference, in steps of the output's scale, between int8 and float outputs that int8 can express.
static float worst_steps(const Model& model, const Bytes& input) {
  const Tensor& output = model.tensors[model.outputs[0]];
  const Bytes int8 = reference_output(model, input);
  const Bytes real = reference_output(as_float(model), reals_of(model, input));
  const auto* reals = reinterpret_cast<const float*>(real.data());
  float worst = 0;
  for (std::size_t i = 0; i < int8.size(); ++i) {
    const float expected = std::clamp(reals[i], real_of(output, -128), real_of(output, 127));
    const float got = real_of(output, static_cast<std::int8_t>(int8[i]));
    worst = std::max(worst, std::abs(got - expected) / output.quantization.scale[0]);
  }
  return worst;
}

// Two roundings can miss the nearest by little more than half a step; a mean and a softmax round once more.
TEST_CASE("int8 stays within one step of float, for every operator") {
  for (const std::string& op : layer_names) {
    RandomModels random(3);
    for (int round = 0; round < 200; ++round) {
      const Model model = last_alone(random.node(op));
      check_supported(model);
      INFO(op << ", round " << round);
      CHECK(worst_steps(model, random.input(model)) <= 1.01f);
    }
  }
}

TEST_CASE("the operators' names are the format's, and each is found by its own") {
  for (const Operator* op : operators()) CHECK(find_operator(op->name) == op);
  CHECK(find_operator("Conv_2D") == nullptr);
  CHECK(find_operator("") == nullptr);
}
