// Split: an input in so many equal parts along an axis. Its first operand is the axis, its second the values. Source:
// TensorFlow Lite, kernels/split.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static constexpr int axis_operand = 0, values_operand = 1;

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(numbers_of(model, node, axis_operand)[0], values_of(model, node).shape.size());
}

static Problems check_parts(const Model& model, const Node& node) {
  const int parts = static_cast<int>(node.outputs.size()), length = values_of(model, node).shape[axis_of(model, node)];
  if (node.integer("num_splits") != parts)
    return {fmt::format("it makes {} parts and has {} outputs", node.integer("num_splits"), parts)};
  if (length % parts != 0) return {fmt::format("it splits {} values into {} parts", length, parts)};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_numbers(model, node, axis_operand, "axis", 1);
  for (std::size_t i = 0; i < node.outputs.size() && wrong.empty(); ++i)
    wrong = check_moved(model, node, values_operand, static_cast<int>(i));
  if (wrong.empty()) wrong = check_axis(numbers_of(model, node, axis_operand)[0], values_of(model, node).shape.size());
  return wrong.empty() ? check_parts(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = values_of(model, node).shape;
  shape[axis_of(model, node)] /= static_cast<int>(node.outputs.size());
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = axis_of(model, node), length = model.output(node).shape[axis];
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    move_values(model, bytes, node.inputs[values_operand], node.outputs[i], [&](Index index) -> std::optional<Index> {
      index[axis] += static_cast<int>(i) * length;
      return index;
    });
}

static Boxes boxes(const Model& model, const Node& node) {
  const int axis = axis_of(model, node), length = model.output(node).shape[axis];
  Boxes boxes;
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i) {
    Box& box = boxes.emplace_back(whole_box(model, node, values_operand));
    box.output = i;
    box.from[axis] = i * length;
    box.sides[axis].count = length;
  }
  return boxes;
}

extern const Operator split{.name = "split",
                            .options = "SplitOptions",
                            .version = 2,
                            .dtypes = "any",
                            .check = check,
                            .shape = shape,
                            .rows = box_rows<boxes>,
                            .reference = reference,
                            .emit = emit_boxes<boxes>,
                            .operands = {.values = values_operand},
                            .quantization = {.output_as_input = true},
                            .many_outputs = true};

}  // namespace dragonet
