// Slice: of each dimension, so many values from a begin on; -1: all that are left. Source: TensorFlow Lite,
// kernels/slice.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static std::int64_t begin_of(const Model& model, const Node& node, std::size_t d) {
  return numbers_of(model, node, 1)[d];
}

static std::int64_t size_along(const Model& model, const Node& node, std::size_t d) {
  const std::int64_t size = numbers_of(model, node, 2)[d];
  return size == -1 ? model.input(node, 0).shape[d] - begin_of(model, node, d) : size;
}

static Problems check(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const auto rank = static_cast<std::int64_t>(in.size());
  Problems wrong = gather({check_moved(model, node, 0), check_numbers(model, node, 1, "begin", rank),
                           check_numbers(model, node, 2, "size", rank)});
  for (std::size_t d = 0; d < in.size() && wrong.empty(); ++d) {
    const std::int64_t begin = begin_of(model, node, d);
    if (begin < 0 || begin >= in[d] || size_along(model, node, d) < 1 || size_along(model, node, d) > in[d] - begin)
      wrong.push_back(fmt::format("it takes {} values from {} on of dimension {}, which has {}",
                                  numbers_of(model, node, 2)[d], begin, d, in[d]));
  }
  return wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  for (std::size_t d = 0; d < shape.size(); ++d) shape[d] = static_cast<int>(size_along(model, node, d));
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](Index index) -> std::optional<Index> {
    for (std::size_t d = 0; d < index.size(); ++d) index[d] += static_cast<int>(begin_of(model, node, d));
    return index;
  });
}

static Boxes boxes(const Model& model, const Node& node) {
  Box box = whole_box(model, node);
  for (std::size_t d = 0; d < box.sides.size(); ++d) {
    box.from[d] = static_cast<int>(begin_of(model, node, d));
    box.sides[d].count = static_cast<int>(size_along(model, node, d));
  }
  return {box};
}

extern const Operator slice{.name = "slice",
                            .options = "SliceOptions",
                            .version = 2,
                            .dtypes = "any",
                            .check = check,
                            .shape = shape,
                            .rows = box_rows<boxes>,
                            .reference = reference,
                            .emit = emit_boxes<boxes>,
                            .quantization = {.output_as_input = true}};

}  // namespace dragonet
