// Reshape: the same bytes under another shape. Nothing runs; the planner gives both the same place.
#include <algorithm>

#include "ops/emit.h"

namespace dragonet {

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.dtype != out.dtype) return {"its input and output have different types"};
  if (in.quantization.scale != out.quantization.scale || in.quantization.zero_point != out.quantization.zero_point)
    return {"its input and output are quantized differently"};
  if (element_count(in.shape) != element_count(out.shape))
    return {
        fmt::format("it turns {} into {}, which has another number of values", text_of(in.shape), text_of(out.shape))};
  return {};
}

/// The file's own: the operand or attribute that it was worked out from may be absent, or hold a -1.
static Shape shape(const Model& model, const Node& node) { return model.output(node).shape; }
static Rows rows(const Model& model, const Node& node, int, int) { return {0, rows_of(model.input(node, 0)).count}; }

static void reference(const Model&, const Node& node, TensorBytes& bytes) {
  bytes[node.outputs[0]] = bytes[node.inputs[0]];
}

static Emitted emit(const Model&, const Node&) { return {}; }

extern const Operator reshape{.name = "reshape",
                              .options = "ReshapeOptions",
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
