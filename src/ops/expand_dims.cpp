// ExpandDims: the same bytes with a dimension of 1 more. Nothing runs; the planner gives both the same place. Source:
// TensorFlow Lite, kernels/expand_dims.cc.
#include "ops/operands.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_moved(model, node, 0), check_numbers(model, node, 1, "axis", 1)});
  return wrong.empty() ? check_axis(numbers_of(model, node, 1)[0], model.input(node, 0).shape.size() + 1) : wrong;
}

static Shape shape(const Model& model, const Node& node) {
  Shape shape = model.input(node, 0).shape;
  shape.insert(shape.begin() + *axis_in(numbers_of(model, node, 1)[0], shape.size() + 1), 1);
  return shape;
}

static Rows rows(const Model& model, const Node& node, int, int) { return {0, rows_of(model.input(node, 0)).count}; }

static void reference(const Model&, const Node& node, TensorBytes& bytes) {
  bytes[node.outputs[0]] = bytes[node.inputs[0]];
}

static Emitted emit(const Model&, const Node&) { return {}; }

extern const Operator expand_dims{.name = "expand_dims",
                                  .options = "ExpandDimsOptions",
                                  .version = 1,
                                  .dtypes = "any",
                                  .check = check,
                                  .shape = shape,
                                  .rows = rows,
                                  .reference = reference,
                                  .emit = emit,
                                  .quantization = {.output_as_input = true},
                                  .in_place = true};

}  // namespace dragonet
