// Leaky ReLU, int8, int16 or float32: what is negative is multiplied by alpha, which may be above 1 or negative too.
// Source: TensorFlow Lite Micro, kernels/leaky_relu_common.cc, which works out its factors in float, and its
// kernels/internal/reference/leaky_relu.h.
#include <cmath>

#include "ops/unary_operator.h"

namespace dragonet {

static float alpha_of(const Node& node) { return static_cast<float>(node.real("alpha")); }

namespace {
struct Factors {
  float positive, negative;
};
}  // namespace

static Factors factors_of(const Model& model, const Node& node) {
  const float in = model.input(node, 0).quantization.scale[0], out = model.output(node).quantization.scale[0];
  return {in / out, in * alpha_of(node) / out};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node, with_int16);
  if (!wrong.empty()) return wrong;
  if (!std::isfinite(alpha_of(node))) return {fmt::format("its alpha is {}, not a number", alpha_of(node))};
  if (model.output(node).dtype == DType::float32) return {};
  const auto [positive, negative] = factors_of(model, node);
  return gather({check_rescale(model, node, positive), check_rescale(model, node, negative)});
}

static std::int32_t leaky_relu_integer(const Model& model, const Node& node, std::int32_t q) {
  const auto [positive, negative] = factors_of(model, node);
  const std::int32_t steps = q - model.input(node, 0).quantization.zero_point[0];
  const std::int32_t scaled = rescale(steps, multiplier_of(steps >= 0 ? positive : negative));
  const auto [min, max] = range_of(model.output(node).dtype);
  return std::clamp(scaled + model.output(node).quantization.zero_point[0], min, max);
}

static float leaky_relu_real(const Node& node, float x) { return x > 0 ? x : x * alpha_of(node); }

static constexpr Unary unary{leaky_relu_integer, leaky_relu_real};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit_int16(const Model& model, const Node& node) {
  const auto [positive, negative] = factors_of(model, node);
  const Multiplier of_positive = multiplier_of(positive), of_negative = multiplier_of(negative);
  return emit_unary(model, node, "leaky_relu.h", "LeakyRelu",
                    fmt::format("{}, {}, {}, {}", of_positive.multiplier, int32_text(of_negative.multiplier),
                                of_positive.shift, of_negative.shift));
}

static Emitted emit(const Model& model, const Node& node) {
  switch (model.input(node, 0).dtype) {
    case DType::int8:
      return emit_lookup(unary, model, node);
    case DType::int16:
      return emit_int16(model, node);
    default:
      return emit_unary(model, node, "leaky_relu.h", "RealLeakyRelu", float_text(alpha_of(node)));
  }
}

extern const Operator leaky_relu{.name = "leaky_relu",
                                 .options = "LeakyReluOptions",
                                 .version = 2,
                                 .dtypes = "int8, int16, float32",
                                 .check = check,
                                 .reference = reference,
                                 .emit = emit,
                                 .elementwise = true};

}  // namespace dragonet
