// A variable's new values, for the nodes that come later and for the next inference. In a file it has no output; here
// its output is what it was given, so that what a model leaves behind can be seen and compared as any layer can.
// Source: TensorFlow Lite Micro, kernels/assign_variable.cc.
#include "ops/shared_variable.h"

namespace dragonet {

static constexpr int value = 1;

static Problems check(const Model& model, const Node& node) {
  if (!model.has_input(node, value) || model.input(node, value).is_variable) return {"its values are missing"};
  if (model.input(node, value).dtype != model.output(node).dtype) return {"its input and output have different types"};
  return check_variable(model, node, model.input(node, value));
}

static Shape shape(const Model& model, const Node& node) { return model.input(node, value).shape; }

static void reference(const Model&, const Node& node, TensorBytes& bytes) {
  bytes[node.inputs[0]] = bytes[node.outputs[0]] = bytes[node.inputs[value]];
}

static Emitted emit(const Model& model, const Node& node) {
  return emit_variable(model, node, "assign_variable_row($, in1, y, kept, out);");
}

extern const Operator assign_variable{
    .name = "assign_variable",
    .options = "",
    .version = 1,
    .dtypes = "any",
    .check = check,
    .shape = shape,
    .reference = reference,
    .emit = emit,
    .operands = {.values = value, .weights = -1, .bias = -1},
    .quantization = {.output_as_input = true, .one_scale = true, .states = as_the_output},
    .elementwise = true,
    .has_variables = true};

}  // namespace dragonet
