#include "quantize/shared_scales.h"

#include <algorithm>
#include <numeric>

#include "ops/operator.h"

namespace dragonet {

int SharedScales::group_of(int tensor) const {
  while (next[tensor] != tensor) tensor = next[tensor];
  return tensor;
}

const Quantization* SharedScales::prescription_of(int tensor) const {
  const auto found = prescribed.find(group_of(tensor));
  return found == prescribed.end() ? nullptr : &found->second;
}

static void tie(SharedScales& scales, int a, int b) { scales.next[scales.group_of(a)] = scales.group_of(b); }

static const QuantizationRule& rule_of(const Node& node) { return find_operator(node.op)->quantization; }

static SharedScales passed_on(const Model& model) {
  SharedScales scales;
  scales.next.resize(model.tensors.size());
  std::iota(scales.next.begin(), scales.next.end(), 0);
  for (const Node& node : model.nodes)
    if (rule_of(node).output_as_input)
      for (const int t : node.outputs) tie(scales, t, node.inputs[operands_of(node).values]);
  return scales;
}

static void note_prescribed(const Model& model, const Quantization& input, SharedScales& scales) {
  if (!input.scale.empty()) scales.prescribed[scales.group_of(model.inputs[0])] = input;
  for (const Node& node : model.nodes)
    if (!rule_of(node).fixed_output.scale.empty())
      scales.prescribed[scales.group_of(node.outputs[0])] = rule_of(node).fixed_output;
}

/// The same values in a tensor of their own, whose scale is free.
static int requantized(Model& model, SharedScales& scales, std::vector<Node>& nodes, int tensor) {
  const int copy = static_cast<int>(model.tensors.size());
  model.tensors.push_back(Tensor(model.tensors[tensor]));
  model.tensors.back().name += "_requantized";
  scales.next.push_back(copy);
  nodes.push_back({.op = "quantize", .index = 0, .inputs = {tensor}, .outputs = {copy}, .attributes = {}});
  return copy;
}

static bool agree(const SharedScales& scales, const std::vector<int>& tensors) {
  const Quantization* first = scales.prescription_of(tensors[0]);
  return std::ranges::all_of(tensors, [&](int t) {
    const Quantization* other = scales.prescription_of(t);
    return first && other ? *first == *other : first == other;
  });
}

/// All inputs and the output have one scale: those whose scale is free get it, the others are requantized.
static void tie_inputs(Model& model, SharedScales& scales, std::vector<Node>& nodes, Node& node) {
  const bool can_stay = agree(scales, node.inputs);
  for (int& t : node.inputs) {
    if (!can_stay && scales.prescription_of(t)) t = requantized(model, scales, nodes, t);
    tie(scales, node.outputs[0], t);
  }
}

SharedScales share_scales(Model& model, const Quantization& input) {
  SharedScales scales = passed_on(model);
  note_prescribed(model, input, scales);
  std::vector<Node> nodes;
  for (Node& node : model.nodes) {
    if (rule_of(node).one_scale) tie_inputs(model, scales, nodes, node);
    nodes.push_back(node);
  }
  for (std::size_t n = 0; n < nodes.size(); ++n) nodes[n].index = static_cast<int>(n);
  model.nodes = std::move(nodes);
  return scales;
}

}  // namespace dragonet
