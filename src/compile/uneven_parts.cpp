#include "compile/uneven_parts.h"

#include <algorithm>

#include "ops/emit.h"
#include "ops/operands.h"

namespace dragonet {

static bool has_uneven_parts(const Model& model, const Node& node) {
  return std::ranges::any_of(
      node.outputs, [&](int t) { return rows_of(model.tensors[t]).count != rows_of(model.output(node)).count; });
}

static int add_numbers(Model& model, const Node& node, const char* what, const std::vector<std::int32_t>& numbers) {
  Tensor tensor{
      .name = model.output(node).name + "/" + what, .dtype = DType::int32, .shape = {static_cast<int>(numbers.size())}};
  set_values<std::int32_t>(tensor, numbers);
  model.tensors.push_back(tensor);
  return static_cast<int>(model.tensors.size()) - 1;
}

static void add_slices(Model& model, const Node& node, std::vector<Node>& nodes) {
  constexpr int axis_operand = 2;
  std::vector<std::int32_t> begin(model.input(node, 0).shape.size());
  const int axis = *axis_in(numbers_of(model, node, axis_operand)[0], begin.size());
  for (const int part : node.outputs) {
    const Shape size = model.tensors[part].shape;
    Node slice{.op = "slice", .inputs = {node.inputs[0]}, .outputs = {part}};
    slice.inputs.push_back(add_numbers(model, slice, "begin", begin));
    slice.inputs.push_back(add_numbers(model, slice, "size", {size.begin(), size.end()}));
    begin[axis] += size[axis];
    nodes.push_back(slice);
  }
}

Model cut_uneven_parts(const Model& model) {
  Model cut = model;
  std::vector<Node> nodes;
  for (const Node& node : model.nodes)
    if (node.op == "split_v" && has_uneven_parts(model, node))
      add_slices(cut, node, nodes);
    else
      nodes.push_back(node);
  cut.nodes = nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) cut.nodes[i].index = static_cast<int>(i);
  return cut;
}

}  // namespace dragonet
