// Reshape: the same bytes under another shape. Nothing runs; the planner gives both the same place.
#include <algorithm>

#include "ops/same_bytes.h"

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

extern const Operator reshape = same_bytes("reshape", "ReshapeOptions", check, shape);

}  // namespace dragonet
