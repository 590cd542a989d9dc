// Select: of two tensors, value by value, the first's where a condition is true, else the second's. SelectV2 broadcasts
// all three; Select takes a condition of the first's shape, of one value, or of one for each of its first dimension.
// Nothing is requantized. Source: TensorFlow Lite, kernels/select.cc; TensorFlow Lite Micro, kernels/select.cc.
#include "ops/broadcast_walk.h"
#include "ops/indices.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr int condition = 0, first = 1, second = 2, most_axes = 6;

/// Select's condition for each of the first dimension has its ones at the end.
static BroadcastOperand extended(const Model& model, const Node& node, int input, std::size_t rank) {
  const Tensor& tensor = model.input(node, input);
  BroadcastOperand operand = operand_of(tensor, rank);
  if (node.op == "select" && input == condition && tensor.shape.size() == 1 && tensor.shape[0] > 1)
    std::swap(operand.sides.front(), operand.sides.back());
  return operand;
}

/// The condition, the first, the second.
static std::vector<BroadcastOperand> operands_of_select(const Model& model, const Node& node) {
  std::size_t rank = 0;
  for (int i = condition; i <= second; ++i) rank = std::max(rank, model.input(node, i).shape.size());
  std::vector<BroadcastOperand> operands;
  for (int i = condition; i <= second; ++i) operands.push_back(extended(model, node, i, rank));
  return operands;
}

static Shape shape(const Model& model, const Node& node) { return shape_together(operands_of_select(model, node)); }

static Problems check_shapes(const Model& model, const Node& node) {
  const std::vector<BroadcastOperand> operands = operands_of_select(model, node);
  if (const std::size_t rank = operands[0].sides.size(); rank > most_axes)
    return {fmt::format("it has {} dimensions; at most 6 are supported", rank)};
  if (go_together(operands)) return {};
  return {fmt::format("its condition of {} and its choices of {} and {} do not go together",
                      text_of(model.input(node, condition).shape), text_of(model.input(node, first).shape),
                      text_of(model.input(node, second).shape))};
}

static Problems check(const Model& model, const Node& node) {
  if (!model.has_input(node, condition)) return {"it has no condition"};
  const Problems wrong = gather({check_moved(model, node, first), check_moved(model, node, second)});
  if (!wrong.empty()) return wrong;
  if (const DType dtype = model.input(node, condition).dtype; dtype != DType::boolean)
    return {fmt::format("its condition is {}, not bool", name_of(dtype))};
  return check_shapes(model, node);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape& out = model.output(node).shape;
  const auto size = static_cast<std::ptrdiff_t>(size_of(model.output(node).dtype));
  const std::vector<BroadcastOperand> operands = operands_of_select(model, node);
  const auto place = [&](int input, Index index) {
    const Shape& sides = operands[input].sides;
    for (std::size_t d = 0; d < index.size(); ++d)
      if (sides[d] == 1) index[d] = 0;
    return position_of(sides, index);
  };
  for_each_index(out, [&](const Index& index) {
    const int chosen = bytes[node.inputs[condition]][place(condition, index)] ? first : second;
    std::copy_n(bytes[node.inputs[chosen]].begin() + size * place(chosen, index), size,
                bytes[node.outputs[0]].begin() + size * position_of(out, index));
  });
}

static Rows rows(const Model& model, const Node& node, int input, int y) {
  return rows_together(model.input(node, input), model.output(node), y);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  return {.header = "select.h",
          .constants = {},
          .parameters = "Select $ = " + broadcast_numbers(operands_of_select(model, node), out, 0),
          .row = fmt::format("select_row<{}>($, in0, in1, in2, y, out);", c_type(out.dtype))};
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "",
          .version = 1,
          .dtypes = "bool, any -> any",
          .check = check,
          .shape = shape,
          .rows = rows,
          .reference = reference,
          .emit = emit,
          .operands = {.values = first, .weights = -1, .bias = -1},
          .quantization = {.one_scale = true}};
}

extern const Operator select_op = operator_named("select");
extern const Operator select_v2 = operator_named("select_v2");

}  // namespace dragonet
