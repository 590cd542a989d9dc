// Comparisons of two values, with broadcasting; they make bools. Integers with scales are brought to one, 2^-8, after
// which small differences are none, as TensorFlow Lite Micro's reference has it; others are compared as they are.
// Source: TensorFlow Lite Micro, kernels/comparisons.cc, and its kernels/internal/reference/comparisons.h.
#include "ops/binary_operator.h"

namespace dragonet {

namespace {
struct Comparison {
  const char* name;
  const char* kernel;
  bool (*is)(int order);  // of a to b: -1, 0, 1
};
}  // namespace

static constexpr Comparison comparisons[] = {{"equal", "Equal", [](int order) { return order == 0; }},
                                             {"not_equal", "NotEqual", [](int order) { return order != 0; }},
                                             {"greater", "Greater", [](int order) { return order > 0; }},
                                             {"greater_equal", "GreaterEqual", [](int order) { return order >= 0; }},
                                             {"less", "Less", [](int order) { return order < 0; }},
                                             {"less_equal", "LessEqual", [](int order) { return order <= 0; }}};

static const Comparison& comparison_of(const Node& node) {
  return *std::ranges::find(comparisons, node.op, [](const Comparison& c) { return std::string(c.name); });
}

static constexpr int common_scale = 256;  // 1 / it

static Problems check_scale(const Tensor& in, const char* role) {
  Problems wrong;
  check_one_scale(wrong, in, role);
  if (!wrong.empty()) return wrong;
  const double largest = in.dtype == DType::int16 ? 32768 : 255, scale = in.quantization.scale[0];
  if (largest * common_scale * std::max(1.0, 2 * scale) <= INT32_MAX) return {};
  return {fmt::format("the scale {} of its {} is too large", scale, role)};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_pair(model, node);
  if (!wrong.empty()) return wrong;
  const DType in = model.input(node, 0).dtype, out = model.output(node).dtype;
  if (in == DType::uint8 || in == DType::int64 || out != DType::boolean)
    return {fmt::format("it makes {} of {}; bool of int8, int16, int32, float32 or bool is supported", name_of(out),
                        name_of(in))};
  if (!is_quantized(in)) return {};
  return gather({check_scale(model.input(node, 0), "input"), check_scale(model.input(node, 1), "second input")});
}

template <typename Value>
static int order_of(Value a, Value b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

template <typename Value>
static void compare_scaled(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto term = [&](int input, std::int32_t q) {
    const Quantization& scale = model.input(node, input).quantization;
    return rescale((q - scale.zero_point[0]) * common_scale, multiplier_of(scale.scale[0]));
  };
  run_pairs<Value, std::uint8_t>(
      model, node, bytes, [&](Value a, Value b) { return comparison_of(node).is(order_of(term(0, a), term(1, b))); });
}

/// No number is equal to nothing, and neither less nor greater.
template <typename Value>
static void compare_plain(const Model& model, const Node& node, TensorBytes& bytes) {
  run_pairs<Value, std::uint8_t>(model, node, bytes, [&](Value a, Value b) {
    return a != a || b != b ? node.op == "not_equal" : comparison_of(node).is(order_of(a, b));
  });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  with_value_type(model.input(node, 0).dtype, [&](auto zero) {
    using Value = decltype(zero);
    if (is_quantized(model.input(node, 0).dtype))
      compare_scaled<Value>(model, node, bytes);
    else
      compare_plain<Value>(model, node, bytes);
  });
}

static std::string input_numbers(const Model& model, const Node& node, int input) {
  const Quantization& scale = model.input(node, input).quantization;
  const Multiplier factor = multiplier_of(scale.scale[0]);
  return fmt::format("{{{}, {}, {}}}", factor.multiplier, factor.shift, scale.zero_point[0]);
}

static Emitted emit(const Model& model, const Node& node) {
  const std::string kernel = fmt::format("<dragonet::{}>", comparison_of(node).kernel);
  if (!is_quantized(model.input(node, 0).dtype))
    return emit_binary(model, node, "comparison.h", "Compare" + kernel, "");
  return emit_binary(model, node, "comparison.h", "CompareScaled" + kernel,
                     input_numbers(model, node, 0) + ", " + input_numbers(model, node, 1));
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "",
          .version = 2,
          .dtypes = "int8, int16, int32, float32, bool -> bool",
          .check = check,
          .shape = broadcast_shape,
          .rows = broadcast_rows,
          .reference = reference,
          .emit = emit};
}

extern const Operator equal_op = operator_named("equal");
extern const Operator not_equal = operator_named("not_equal");
extern const Operator greater_op = operator_named("greater");
extern const Operator greater_equal_op = operator_named("greater_equal");
extern const Operator less_op = operator_named("less");
extern const Operator less_equal_op = operator_named("less_equal");

}  // namespace dragonet
