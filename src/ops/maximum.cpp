// The larger and the smaller of two values, int8, int16, int32 or float32, with broadcasting. Integers are compared as
// they are, so all three tensors have one scale. Source: TensorFlow Lite, kernels/internal/reference/maximum_minimum.h.
#include "ops/binary_operator.h"

namespace dragonet {

static Problems check_one_scale_for_all(const Model& model, const Node& node) {
  const Quantization& out = model.output(node).quantization;
  for (const int t : node.inputs)
    if (const Quantization& in = model.tensors[t].quantization;
        in.scale[0] != out.scale[0] || in.zero_point[0] != out.zero_point[0])
      return {
          fmt::format("its input {} has the scale {} and zero point {}, and its output {} and {}; it compares "
                      "integers of one scale",
                      model.tensors[t].name, in.scale[0], in.zero_point[0], out.scale[0], out.zero_point[0])};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_binary(model, node, with_int32);
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  return check_one_scale_for_all(model, node);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  with_value_type(model.output(node).dtype, [&](auto type) {
    using T = decltype(type);
    const bool is_maximum = node.op == "maximum";
    run_pairs<T>(model, node, bytes, [&](T a, T b) { return (is_maximum ? a > b : a < b) ? a : b; });
  });
}

static Emitted emit(const Model& model, const Node& node) {
  return emit_binary(model, node, "maximum.h", node.op == "maximum" ? "Maximum" : "Minimum", "");
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "MaximumMinimumOptions",
          .version = 2,
          .dtypes = "int8, int16, int32, float32",
          .check = check,
          .shape = broadcast_shape,
          .rows = broadcast_rows,
          .reference = reference,
          .emit = emit,
          .quantization = {.one_scale = true},
          .elementwise = true};
}

extern const Operator maximum = operator_named("maximum");
extern const Operator minimum = operator_named("minimum");

}  // namespace dragonet
