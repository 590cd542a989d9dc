// ReLU, ReLU6 and clamps to -1..1 and 0..1 as nodes of their own: where the layer before them has another consumer too,
// or nothing that could do it in passing. The input may have another scale than the output. Source: TensorFlow Lite,
// kernels/internal/reference/reference_ops.h, ReluX; TensorFlow Lite Micro, kernels/activations.
#include <limits>

#include "ops/unary_operator.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_quantized(model, node, with_int16);
  if (!wrong.empty() || model.output(node).dtype == DType::float32) return wrong;
  return check_rescale(model, node, scale_factor(model, node));
}

static float least_of(const Node& node) { return node.op == "relu_n1_to_1" ? -1 : 0; }

static float largest_of(const Node& node) {
  if (node.op == "relu") return std::numeric_limits<float>::infinity();
  return node.op == "relu6" ? 6 : 1;
}

enum { fused_relu = 1, fused_relu_n1_to_1, fused_relu6 };

static Range range_with(const Model& model, const Node& node, std::int64_t activation) {
  Node fused = node;
  fused.attributes["fused_activation_function"] = activation;
  return activation_range(fused, model.output(node));
}

/// The output's integers for the least and for the largest.
static Range kept_range(const Model& model, const Node& node) {
  if (node.op == "relu") return range_with(model, node, fused_relu);
  if (node.op == "relu6") return range_with(model, node, fused_relu6);
  const Range range = range_with(model, node, fused_relu_n1_to_1);
  return node.op == "relu_n1_to_1" ? range : Range{range_with(model, node, fused_relu).min, range.max};
}

static std::int32_t integer_relu(const Model& model, const Node& node, std::int32_t q) {
  const Multiplier factor = multiplier_of(scale_factor(model, node));
  const std::int32_t steps = rescale(q - model.input(node, 0).quantization.zero_point[0], factor);
  const auto [min, max] = kept_range(model, node);
  return std::clamp(steps + model.output(node).quantization.zero_point[0], min, max);
}

static float real_relu(const Node& node, float x) { return std::clamp(x, least_of(node), largest_of(node)); }

static constexpr Unary unary{integer_relu, real_relu};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  switch (model.input(node, 0).dtype) {
    case DType::int8:
      return emit_lookup(unary, model, node);
    case DType::int16:
      return emit_unary(model, node, "requantize.h", "Requantize",
                        requantize_numbers(model, node, kept_range(model, node)));
    default:
      return emit_unary(model, node, "relu.h", "RealRelu",
                        float_text(least_of(node)) + ", " + float_text(largest_of(node)));
  }
}

static constexpr Operator operator_named(const char* name, int version) {
  return {.name = name,
          .options = "",
          .version = version,
          .dtypes = "int8, int16, float32",
          .check = check,
          .reference = reference,
          .emit = emit,
          .elementwise = true};
}

extern const Operator relu = operator_named("relu", 2);
extern const Operator relu6 = operator_named("relu6", 2);
extern const Operator relu_n1_to_1 = operator_named("relu_n1_to_1", 1);
extern const Operator relu_0_to_1 = operator_named("relu_0_to_1", 1);

}  // namespace dragonet
