// What a variable holds: what the inference before left there, or an assignment earlier in this one.
// Source: TensorFlow Lite Micro, kernels/read_variable.cc.
#include "ops/shared_variable.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) { return check_variable(model, node, model.output(node)); }

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (auto& kept = bytes[node.inputs[0]]; kept.empty()) kept = initial_value(model.input(node, 0));
  bytes[node.outputs[0]] = bytes[node.inputs[0]];
}

static Emitted emit(const Model& model, const Node& node) {
  return emit_variable(model, node, "read_variable_row($, kept, y, out);");
}

extern const Operator read_variable{.name = "read_variable",
                                    .options = "",
                                    .version = 1,
                                    .dtypes = "any",
                                    .check = check,
                                    .reference = reference,
                                    .emit = emit,
                                    .quantization = {.output_as_input = true, .states = as_the_output},
                                    .has_variables = true};

}  // namespace dragonet
