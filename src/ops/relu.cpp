// ReLU and ReLU6 as nodes of their own, int8 or float32: where the layer before them has another consumer too, or
// nothing that could do it in passing. The input may have another scale than the output.
// Source: TensorFlow Lite, kernels/internal/reference/reference_ops.h, ReluX; TensorFlow Lite Micro,
// kernels/activations.
#include <limits>

#include "ops/emit.h"

namespace dragonet {

static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} / model.output(node).quantization.scale[0];
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_quantized(model, node);
  if (!wrong.empty() || model.output(node).dtype == DType::float32) return wrong;
  if (const double factor = factor_of(model, node);
      !(factor * 2 * 255 <= INT32_MAX))  // shifted left by what is above 1
    return {fmt::format("its input's scale is {} times its output's: that overflows 32 bits", factor)};
  return {};
}

static float largest_of(const Node& node) { return node.op == "relu6" ? 6 : std::numeric_limits<float>::infinity(); }

/// The output's int8 for 0 and for the largest.
static Range range_of(const Model& model, const Node& node) {
  Node fused = node;
  fused.attributes["fused_activation_function"] = std::int64_t{node.op == "relu6" ? 3 : 1};
  return activation_range(fused, model.output(node));
}

static void relu_reals(const Node& node, TensorBytes& bytes, std::int64_t count) {
  const auto* in = data_of<float>(bytes, node.inputs[0]);
  auto* out = data_of<float>(bytes, node.outputs[0]);
  for (std::int64_t i = 0; i < count; ++i) out[i] = std::clamp(in[i], 0.0f, largest_of(node));
}

static void relu_int8(const Model& model, const Node& node, TensorBytes& bytes, std::int64_t count) {
  const auto* in = data_of<std::int8_t>(bytes, node.inputs[0]);
  auto* out = data_of<std::int8_t>(bytes, node.outputs[0]);
  const Multiplier factor = multiplier_of(factor_of(model, node));
  const std::int32_t in_zero_point = model.input(node, 0).quantization.zero_point[0];
  const std::int32_t out_zero_point = model.output(node).quantization.zero_point[0];
  const auto [min, max] = range_of(model, node);
  for (std::int64_t i = 0; i < count; ++i)
    out[i] = static_cast<std::int8_t>(std::clamp(rescale(in[i] - in_zero_point, factor) + out_zero_point, min, max));
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::int64_t count = element_count(model.output(node).shape);
  if (model.output(node).dtype == DType::float32)
    relu_reals(node, bytes, count);
  else
    relu_int8(model, node, bytes, count);
}

static Emitted emit(const Model& model, const Node& node) {
  const Multiplier factor = multiplier_of(factor_of(model, node));
  const auto [min, max] = range_of(model, node);
  return {.header = "relu.h",
          .constants = {},
          .parameters = fmt::format("Relu $ = {{{}, {}, {}, {}, {}, {}}}", factor.multiplier, factor.shift,
                                    model.input(node, 0).quantization.zero_point[0],
                                    model.output(node).quantization.zero_point[0], min, max),
          .row = "relu_row($, in0, y, out);"};
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "",
          .version = 2,
          .dtypes = "int8, float32",
          .check = check,
          .reference = reference,
          .emit = emit,
          .elementwise = true};
}

extern const Operator relu = operator_named("relu");
extern const Operator relu6 = operator_named("relu6");

}  // namespace dragonet
