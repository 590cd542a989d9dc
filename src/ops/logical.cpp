// Logic of bools: and, or, not. Source: TensorFlow Lite Micro, kernels/logical.cc and elementwise.cc.
#include "ops/binary_operator.h"
#include "ops/unary_operator.h"

namespace dragonet {

static bool is_and(const Node& node) { return node.op == "logical_and"; }

static Problems check_two(const Model& model, const Node& node) {
  const Problems wrong = check_pair(model, node);
  return wrong.empty() ? check_quantized(model, node, {DType::boolean}) : wrong;
}

static Problems check_not(const Model& model, const Node& node) {
  return check_quantized(model, node, {DType::boolean});
}

static void combine(const Model& model, const Node& node, TensorBytes& bytes) {
  run_pairs<std::uint8_t>(model, node, bytes, [&](bool a, bool b) { return is_and(node) ? a && b : a || b; });
}

static void invert(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto* in = data_of<std::uint8_t>(bytes, node.inputs[0]);
  auto* out = data_of<std::uint8_t>(bytes, node.outputs[0]);
  for (std::int64_t i = 0; i < element_count(model.output(node).shape); ++i) out[i] = in[i] == 0;
}

static Emitted emit_two(const Model& model, const Node& node) {
  return emit_binary(model, node, "comparison.h", is_and(node) ? "LogicalAnd" : "LogicalOr", "");
}

static Emitted emit_not(const Model& model, const Node& node) {
  return emit_unary(model, node, "abs.h", "LogicalNot", "");
}

static constexpr Operator operator_of_two(const char* name) {
  return {.name = name,
          .options = "",
          .version = 1,
          .dtypes = "bool",
          .check = check_two,
          .shape = broadcast_shape,
          .rows = broadcast_rows,
          .reference = combine,
          .emit = emit_two,
          .elementwise = true};
}

extern const Operator logical_and_op = operator_of_two("logical_and");
extern const Operator logical_or_op = operator_of_two("logical_or");
extern const Operator logical_not_op{.name = "logical_not",
                                     .options = "",
                                     .version = 1,
                                     .dtypes = "bool",
                                     .check = check_not,
                                     .reference = invert,
                                     .emit = emit_not,
                                     .elementwise = true};

}  // namespace dragonet
