// Concatenation: inputs one behind the other along an axis. All are quantized alike, as TensorFlow Lite's 8-bit
// quantization specification demands, so nothing is requantized.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static int axis_of(const Model& model, const Node& node) {
  return *axis_in(node.integer("axis"), model.input(node, 0).shape.size());
}

/// Other than along the axis.
static bool have_equal_sides(Shape a, Shape b, int axis) {
  if (a.size() != b.size()) return false;
  a[axis] = b[axis] = 0;
  return a == b;
}

static Problems check_shapes(const Model& model, const Node& node) {
  const Shape& first = model.input(node, 0).shape;
  std::int64_t length = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const Shape& shape = model.input(node, static_cast<int>(i)).shape;
    if (!have_equal_sides(first, shape, axis_of(model, node)))
      return {fmt::format("its inputs are {} and {}, which differ not only along axis {}", text_of(first),
                          text_of(shape), axis_of(model, node))};
    length += shape[axis_of(model, node)];
  }
  return length <= INT32_MAX ? Problems{} : Problems{fmt::format("its output would be {} long", length)};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_axis(node.integer("axis"), model.input(node, 0).shape.size());
  for (std::size_t i = 0; i < node.inputs.size() && wrong.empty(); ++i)
    wrong = check_moved(model, node, static_cast<int>(i));
  if (node.integer("fused_activation_function") != 0) wrong.push_back("it has a fused activation");
  return wrong.empty() ? check_shapes(model, node) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  const int axis = axis_of(model, node);
  Shape shape = model.input(node, 0).shape;
  for (std::size_t i = 1; i < node.inputs.size(); ++i)
    shape[axis] += model.input(node, static_cast<int>(i)).shape[axis];
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int axis = axis_of(model, node);
  int before = 0;
  for (const int input : node.inputs) {
    const int length = model.tensors[input].shape[axis];
    move_values(model, bytes, input, node.outputs[0], [&](Index index) -> std::optional<Index> {
      index[axis] -= before;
      return index[axis] >= 0 && index[axis] < length ? std::optional(index) : std::nullopt;
    });
    before += length;
  }
}

static Boxes boxes(const Model& model, const Node& node) {
  const int axis = axis_of(model, node);
  Boxes boxes;
  int before = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    Box& box = boxes.emplace_back(whole_box(model, node, static_cast<int>(i)));
    box.to[axis] = before;
    before += box.sides[axis].count;
  }
  return boxes;
}

extern const Operator concatenation{.name = "concatenation",
                                    .options = "ConcatenationOptions",
                                    .version = 2,
                                    .dtypes = "any",
                                    .check = check,
                                    .shape = shape,
                                    .rows = box_rows<boxes>,
                                    .reference = reference,
                                    .emit = emit_boxes<boxes>,
                                    .quantization = {.output_as_input = true, .one_scale = true}};

}  // namespace dragonet
