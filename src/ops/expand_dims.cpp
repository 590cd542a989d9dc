// ExpandDims: the same bytes with a dimension of 1 more. Nothing runs; the planner gives both the same place. Source:
// TensorFlow Lite, kernels/expand_dims.cc.
#include "ops/operands.h"
#include "ops/same_bytes.h"

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

extern const Operator expand_dims = same_bytes("expand_dims", "ExpandDimsOptions", check, shape);

}  // namespace dragonet
