// Transpose: dimension d of the output is dimension perm[d] of the input. Source: TensorFlow Lite,
// kernels/transpose.cc.
#include "ops/box_copy.h"
#include "ops/operands.h"

namespace dragonet {

static int source_of(const Model& model, const Node& node, std::size_t d) {
  return static_cast<int>(numbers_of(model, node, 1)[d]);
}

static Problems check(const Model& model, const Node& node) {
  const std::size_t rank = model.input(node, 0).shape.size();
  Problems wrong = gather(
      {check_moved(model, node, 0), check_numbers(model, node, 1, "permutation", static_cast<std::int64_t>(rank))});
  if (!wrong.empty()) return wrong;
  std::vector<bool> seen(rank);
  for (const std::int64_t axis : numbers_of(model, node, 1)) {
    const auto found = axis >= 0 ? axis_in(axis, rank) : std::nullopt;
    if (!found || seen[*found])
      return {
          fmt::format("its permutation names dimension {}, which is {}", axis, found ? "there twice" : "not there")};
    seen[*found] = true;
  }
  return {};
}

static Shape shape(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  Shape shape(in.size());
  for (std::size_t d = 0; d < in.size(); ++d) shape[d] = in[source_of(model, node, d)];
  return shape;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  move_values(model, bytes, node.inputs[0], node.outputs[0], [&](const Index& index) -> std::optional<Index> {
    Index from(index.size());
    for (std::size_t d = 0; d < index.size(); ++d) from[source_of(model, node, d)] = index[d];
    return from;
  });
}

static Boxes boxes(const Model& model, const Node& node) {
  const Box whole = whole_box(model, node);
  Box box = whole;
  for (std::size_t d = 0; d < box.sides.size(); ++d) box.sides[d] = whole.sides[source_of(model, node, d)];
  return {box};
}

extern const Operator transpose{.name = "transpose",
                                .options = "TransposeOptions",
                                .version = 2,
                                .dtypes = "any",
                                .check = check,
                                .shape = shape,
                                .rows = box_rows<boxes>,
                                .reference = reference,
                                .emit = emit_boxes<boxes>,
                                .quantization = {.output_as_input = true}};

}  // namespace dragonet
