// MirrorPad: a frame around the input in which it goes on backwards: mode SYMMETRIC with its edge, REFLECT from the
// value before the edge on. Source: TensorFlow Lite, kernels/mirror_pad.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

enum { mode_reflect, mode_symmetric };

/// Before and after, along each dimension.
static int padding(const Model& model, const Node& node, std::size_t dimension, int side) {
  return static_cast<int>(numbers_of(model, node, 1)[2 * dimension + side]);
}

static Problems check_paddings(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const Problems wrong = check_numbers(model, node, 1, "padding", 2 * std::ssize(in));
  if (!wrong.empty()) return wrong;
  const std::vector<std::int64_t> paddings = numbers_of(model, node, 1);
  for (std::size_t i = 0; i < paddings.size(); ++i) {
    const std::int64_t most = in[i / 2] - (node.integer("mode") == mode_reflect ? 1 : 0);
    if (paddings[i] < 0 || paddings[i] > most)
      return {fmt::format("it pads dimension {} of {} by {}, not by 0 to {}", i / 2, text_of(in), paddings[i], most)};
  }
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  for (std::size_t d = 0; d < shape.size(); ++d) shape[d] += padding(model, node, d, 0) + padding(model, node, d, 1);
  return shape;
}

/// Along a dimension: what lies before, the input itself, what lies after; those that are there.
static Boxes parts_along(const Model& model, const Node& node, const Box& whole, std::size_t d) {
  const int length = model.input(node, 0).shape[d], edge = node.integer("mode") == mode_reflect ? 1 : 0;
  const int before = padding(model, node, d, 0), after = padding(model, node, d, 1);
  struct Part {
    int from, to, count, step;
  };
  Boxes boxes;
  for (const Part& part : {Part{before - 1 + edge, 0, before, -1}, Part{0, before, length, 1},
                           Part{length - 1 - edge, before + length, after, -1}}) {
    if (part.count == 0) continue;
    Box& box = boxes.emplace_back(whole);
    box.from[d] = part.from, box.to[d] = part.to;
    box.sides[d].count = part.count, box.sides[d].step = part.step;
  }
  return boxes;
}

static Boxes boxes(const Model& model, const Node& node) {
  Boxes boxes{whole_box(model, node)};
  for (std::size_t d = 0; d < model.input(node, 0).shape.size(); ++d) {
    Boxes parts;
    for (const Box& box : boxes)
      for (const Box& part : parts_along(model, node, box, d)) parts.push_back(part);
    boxes = parts;
  }
  return boxes;
}

static Problems check(const Model& model, const Node& node) {
  const std::int64_t mode = node.integer("mode");
  if (mode != mode_reflect && mode != mode_symmetric)
    return {fmt::format("its mode {} is neither REFLECT nor SYMMETRIC", mode)};
  return gather({check_moved(model, node, 0), check_paddings(model, node)});
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Shape& in = model.input(node, 0).shape;
  const int edge = node.integer("mode") == mode_reflect ? 1 : 0;
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](Index index) -> std::optional<Index> {
    for (std::size_t d = 0; d < in.size(); ++d) {
      index[d] -= padding(model, node, d, 0);
      if (index[d] < 0) index[d] = -index[d] - 1 + edge;
      if (index[d] >= in[d]) index[d] = 2 * in[d] - 1 - edge - index[d];
    }
    return index;
  });
}

extern const Operator mirror_pad{.name = "mirror_pad",
                                 .options = "MirrorPadOptions",
                                 .version = 2,
                                 .dtypes = "any",
                                 .check = check,
                                 .shape = shape,
                                 .rows = box_rows<boxes>,
                                 .reference = reference,
                                 .emit = emit_boxes<boxes>,
                                 .quantization = {.output_as_input = true}};

}  // namespace dragonet
