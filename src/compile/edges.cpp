#include "compile/edges.h"

#include <algorithm>

#include "ops/run_reference.h"

namespace dragonet {

static int readers_of(const Model& model, int tensor) {
  int count = 0;
  for (const Node& node : model.nodes) count += static_cast<int>(std::ranges::count(node.inputs, tensor));
  return count + static_cast<int>(std::ranges::count(model.outputs, tensor));
}

/// The node that only turns the model's one input into int8; null if there is none.
static const Node* first_edge(const Model& model) {
  if (model.inputs.size() != 1 || readers_of(model, model.inputs[0]) != 1) return nullptr;
  for (const Node& node : model.nodes)
    if (node.op == "quantize" && node.inputs[0] == model.inputs[0] && model.output(node).dtype == DType::int8)
      return &node;
  return nullptr;
}

/// The node that only turns int8 into the model's one output.
static const Node* last_edge(const Model& model) {
  if (model.outputs.size() != 1 || readers_of(model, model.outputs[0]) != 1) return nullptr;
  for (const Node& node : model.nodes)
    if ((node.op == "quantize" || node.op == "dequantize") && node.outputs[0] == model.outputs[0] &&
        model.input(node, 0).dtype == DType::int8 && &node != first_edge(model))
      return &node;
  return nullptr;
}

Model without_edges(const Model& model) {
  Model inner = model;
  const Node *first = first_edge(model), *last = last_edge(model);
  if (first) inner.inputs = {first->outputs[0]};
  if (last) inner.outputs = {last->inputs[0]};
  const auto is_edge = [&](const Node& node) {
    return (first && node.index == first->index) || (last && node.index == last->index);
  };
  std::erase_if(inner.nodes, is_edge);
  for (std::size_t i = 0; i < inner.nodes.size(); ++i) inner.nodes[i].index = static_cast<int>(i);
  return inner;
}

/// One node alone, from its input's bytes to its output's.
static std::vector<std::uint8_t> run_edge(const Model& model, const Node* edge, std::span<const std::uint8_t> from) {
  if (!edge) return {from.begin(), from.end()};
  TensorBytes bytes(model.tensors.size());
  bytes[edge->inputs[0]].assign(from.begin(), from.end());
  bytes[edge->outputs[0]].resize(model.output(*edge).bytes());
  find_operator(edge->op)->reference(model, *edge, bytes);
  return bytes[edge->outputs[0]];
}

std::vector<std::uint8_t> inner_input(const Model& model, std::span<const std::uint8_t> input) {
  return run_edge(model, first_edge(model), input);
}

std::vector<std::uint8_t> outer_output(const Model& model, std::span<const std::uint8_t> output) {
  return run_edge(model, last_edge(model), output);
}

}  // namespace dragonet
