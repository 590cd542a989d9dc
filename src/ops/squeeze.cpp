// Squeeze: the same bytes without dimensions of 1: those that are named, or all. Nothing runs; the planner gives both
// the same place. Source: TensorFlow Lite, kernels/squeeze.cc.
#include "ops/operands.h"
#include "ops/same_bytes.h"

namespace dragonet {

static std::vector<std::int64_t> named_dimensions(const Node& node) {
  const auto found = node.attributes.find("squeeze_dims");
  return found == node.attributes.end() ? std::vector<std::int64_t>{}
                                        : std::get<std::vector<std::int64_t>>(found->second);
}

/// Some may be named twice.
static std::vector<bool> dropped(const Shape& in, const Node& node) {
  const std::vector<std::int64_t> named = named_dimensions(node);
  std::vector<bool> drops(in.size());
  for (std::size_t d = 0; d < in.size(); ++d) drops[d] = named.empty() && in[d] == 1;
  for (const std::int64_t axis : named) drops[*axis_in(axis, in.size())] = true;
  return drops;
}

static Problems check(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  for (const std::int64_t axis : named_dimensions(node)) {
    if (const Problems wrong = check_axis(axis, in.size()); !wrong.empty()) return wrong;
    if (in[*axis_in(axis, in.size())] != 1)
      return {fmt::format("it drops dimension {} of {}, which is not 1", axis, text_of(in))};
  }
  return check_moved(model, node, 0);
}

static Shape shape(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  const std::vector<bool> drops = dropped(in, node);
  Shape shape;
  for (std::size_t d = 0; d < in.size(); ++d)
    if (!drops[d]) shape.push_back(in[d]);
  return shape;
}

extern const Operator squeeze = same_bytes("squeeze", "SqueezeOptions", check, shape);

}  // namespace dragonet
