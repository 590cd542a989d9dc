// Pack: tensors of one shape side by side along a new dimension. Source: TensorFlow Lite, kernels/pack.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(node.integer("axis"), model.input(node, 0).shape.size() + 1);
}

static Problems check_inputs(const Model& model, const Node& node) {
  if (node.integer("values_count") != static_cast<std::int64_t>(node.inputs.size()))
    return {fmt::format("it packs {} tensors and has {} inputs", node.integer("values_count"), node.inputs.size())};
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Problems wrong = check_moved(model, node, static_cast<int>(i));
    if (!wrong.empty()) return wrong;
    if (const Shape& shape = model.input(node, static_cast<int>(i)).shape; shape != model.input(node, 0).shape)
      return {fmt::format("its inputs are {} and {}, not of one shape", text_of(model.input(node, 0).shape),
                          text_of(shape))};
  }
  return {};
}

static Problems check(const Model& model, const Node& node) {
  return gather({check_inputs(model, node), check_axis(node.integer("axis"), model.input(node, 0).shape.size() + 1)});
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  shape.insert(shape.begin() + axis_of(model, node), static_cast<int>(node.inputs.size()));
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = axis_of(model, node);
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i)
    move_values(model, bytes, node.inputs[i], node.outputs[0], [&](Index index) -> std::optional<Index> {
      if (index[axis] != i) return std::nullopt;
      index.erase(index.begin() + axis);
      return index;
    });
}

static Boxes boxes(const Model& model, const Node& node) {
  const int axis = axis_of(model, node);
  Boxes boxes;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i) {
    Box& box = boxes.emplace_back(whole_box(model, node, i));
    box.to.insert(box.to.begin() + axis, i);
    box.sides.insert(box.sides.begin() + axis, BoxSide{1, -1});
  }
  return boxes;
}

extern const Operator pack{.name = "pack",
                           .options = "PackOptions",
                           .version = 2,
                           .dtypes = "any",
                           .check = check,
                           .shape = shape,
                           .rows = box_rows<boxes>,
                           .reference = reference,
                           .emit = emit_boxes<boxes>,
                           .quantization = {.output_as_input = true, .one_scale = true}};

}  // namespace dragonet
