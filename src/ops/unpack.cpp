// Unpack: an output for each index along an axis, without that dimension. Source: TensorFlow Lite, kernels/unpack.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(node.integer("axis"), model.input(node, 0).shape.size());
}

static Problems check_parts(const Model& model, const Node& node) {
  const auto parts = static_cast<std::int64_t>(node.outputs.size());
  const int length = model.input(node, 0).shape[axis_of(model, node)];
  if (node.integer("num") == parts && length == parts) return {};
  return {fmt::format("it unpacks {} of {} tensors and has {} outputs", node.integer("num"), length, parts)};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_axis(node.integer("axis"), model.input(node, 0).shape.size());
  for (std::size_t i = 0; i < node.outputs.size() && wrong.empty(); ++i)
    wrong = check_moved(model, node, 0, static_cast<int>(i));
  return wrong.empty() ? check_parts(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  shape.erase(shape.begin() + axis_of(model, node));
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = axis_of(model, node);
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i)
    move_values(model, bytes, node.inputs[0], node.outputs[i], [&](Index index) -> std::optional<Index> {
      index.insert(index.begin() + axis, i);
      return index;
    });
}

static Boxes boxes(const Model& model, const Node& node) {
  const int axis = axis_of(model, node);
  Boxes boxes;
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i) {
    Box& box = boxes.emplace_back(whole_box(model, node));
    box.output = i;
    box.from[axis] = i;
    box.to.erase(box.to.begin() + axis);
    box.sides.erase(box.sides.begin() + axis);
  }
  return boxes;
}

extern const Operator unpack{.name = "unpack",
                             .options = "UnpackOptions",
                             .version = 2,
                             .dtypes = "any",
                             .check = check,
                             .shape = shape,
                             .rows = box_rows<boxes>,
                             .reference = reference,
                             .emit = emit_boxes<boxes>,
                             .quantization = {.output_as_input = true},
                             .many_outputs = true};

}  // namespace dragonet
