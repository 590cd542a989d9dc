// Sizes and opposites, int8, int16, int32 or float32. Integers with scales are brought to the output's, which
// TensorFlow Lite Micro does for sizes; of opposites it knows those of floats alone.
// Source: TensorFlow Lite Micro, kernels/elementwise.cc and neg.cc.
#include <cmath>

#include "ops/unary_operator.h"

namespace dragonet {

static bool is_abs(const Node& node) { return node.op == "abs"; }

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node, with_int32);
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  return check_rescale(model, node, scale_factor(model, node));
}

static std::int32_t opposite(const Node& node, std::int32_t x) {
  return is_abs(node) && x >= 0 ? x : static_cast<std::int32_t>(0 - static_cast<std::uint32_t>(x));
}

static std::int32_t abs_integer(const Model& model, const Node& node, std::int32_t q) {
  const Tensor& out = model.output(node);
  if (!is_quantized(out.dtype)) return opposite(node, q);
  const std::int32_t steps = opposite(node, q - model.input(node, 0).quantization.zero_point[0]);
  const auto [min, max] = range_of(out.dtype);
  return std::clamp(rescale(steps, multiplier_of(scale_factor(model, node))) + out.quantization.zero_point[0], min,
                    max);
}

static float abs_real(const Node& node, float x) { return is_abs(node) ? std::abs(x) : -x; }

static constexpr Unary unary{abs_integer, abs_real};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  const std::string which = is_abs(node) ? "<true>" : "<false>";
  switch (model.input(node, 0).dtype) {
    case DType::int8:
      return emit_lookup(unary, model, node);
    case DType::int16: {
      const Multiplier factor = multiplier_of(scale_factor(model, node));
      return emit_unary(model, node, "abs.h", "Opposite" + which,
                        fmt::format("{}, {}", factor.multiplier, factor.shift));
    }
    case DType::int32:
      return emit_unary(model, node, "abs.h", "PlainOpposite" + which, "");
    default:
      return emit_unary(model, node, "real_functions.h", is_abs(node) ? "RealAbs" : "RealNeg", "");
  }
}

static constexpr Operator operator_named(const char* name, int version) {
  return {.name = name,
          .options = "",
          .version = version,
          .dtypes = "int8, int16, int32, float32",
          .check = check,
          .reference = reference,
          .emit = emit,
          .elementwise = true};
}

extern const Operator abs_op = operator_named("abs", 2);
extern const Operator neg = operator_named("neg", 1);

}  // namespace dragonet
