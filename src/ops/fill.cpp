// Fill: a tensor of one value. Its first operand is the shape, its second the value. ZerosLike: a tensor of zeros, with
// the input's shape and type. Source: TensorFlow Lite, kernels/fill.cc and zeros_like.cc.
#include "ops/operands.h"

namespace dragonet {

static constexpr int shape_operand = 0, value_operand = 1;

static bool is_fill(const Node& node) { return node.op == "fill"; }

static Problems check_fill(const Model& model, const Node& node) {
  const Problems wrong =
      gather({check_numbers(model, node, shape_operand, "shape"), check_moved(model, node, value_operand)});
  if (!wrong.empty()) return wrong;
  if (const std::int64_t count = element_count(model.input(node, value_operand).shape); count != 1)
    return {fmt::format("it fills with {} values, not 1", count)};
  for (const std::int64_t side : numbers_of(model, node, shape_operand))
    if (side < 1 || side > INT32_MAX) return {fmt::format("its shape has a side of {}", side)};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  return is_fill(node) ? check_fill(model, node) : check_moved(model, node, 0);
}

static Shape shape(const Model& model, const Node& node) {
  if (!is_fill(node)) return model.input(node, 0).shape;
  const std::vector<std::int64_t> sides = numbers_of(model, node, shape_operand);
  return {sides.begin(), sides.end()};
}

static Rows rows(const Model&, const Node& node, int, int) { return {0, is_fill(node) ? 1 : 0}; }

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  std::vector<std::uint8_t>& out = bytes[node.outputs[0]];
  const std::vector<std::uint8_t> value =
      is_fill(node) ? bytes[node.inputs[value_operand]] : zero_of(model.output(node)).data;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = value[i % value.size()];
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  const std::string type = c_type(out.dtype), zero = constant_of(zero_of(out), "").values;
  return {.header = "copy.h",
          .constants = {},
          .parameters = fmt::format("Fill $ = {{{}}}", rows_of(out).bytes / size_of(out.dtype)),
          .row = is_fill(node) ? fmt::format("filled_row<{}>($, in1, out);", type)
                               : fmt::format("fill_row<{}>(out, $.count, {});", type, zero)};
}

static constexpr Operator operator_named(const char* name, Operands operands, int version) {
  return {.name = name,
          .options = "",
          .version = version,
          .dtypes = "any",
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit,
          .operands = operands,
          .quantization = {.output_as_input = true}};
}

extern const Operator fill = operator_named("fill", {.values = value_operand, .weights = -1, .bias = -1}, 2);
extern const Operator zeros_like = operator_named("zeros_like", {}, 1);

}  // namespace dragonet
