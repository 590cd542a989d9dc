#include "ops/shared_scales.h"

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

static SharedScales tied_by_passing(const Model& model) {
  SharedScales scales;
  scales.next.resize(model.tensors.size());
  std::iota(scales.next.begin(), scales.next.end(), 0);
  for (const Node& node : model.nodes)
    if (rule_of(node).output_as_input && !rule_of(node).one_scale)
      for (const int t : node.outputs) tie(scales, t, node.inputs[operands_of(node).values]);
  return scales;
}

static void note_prescribed(const Model& model, const Quantization& input, SharedScales& scales) {
  if (!input.scale.empty()) scales.prescribed[scales.group_of(model.inputs[0])] = input;
  for (const Node& node : model.nodes)
    if (!rule_of(node).fixed_output.scale.empty())
      scales.prescribed[scales.group_of(node.outputs[0])] = rule_of(node).fixed_output;
}

static bool agree(const SharedScales& scales, const std::vector<int>& tensors) {
  const Quantization* first = scales.prescription_of(tensors[0]);
  return std::ranges::all_of(tensors, [&](int t) {
    const Quantization* other = scales.prescription_of(t);
    return first && other ? *first == *other : first == other;
  });
}

static void tie_inputs(const Node& node, SharedScales& scales) {
  const bool all = agree(scales, node.inputs);
  for (const int t : node.inputs)
    if (all || !scales.prescription_of(t)) tie(scales, node.outputs[0], t);
}

SharedScales share_scales(const Model& model, const Quantization& input) {
  SharedScales scales = tied_by_passing(model);
  note_prescribed(model, input, scales);
  for (const Node& node : model.nodes)
    if (rule_of(node).output_as_input && rule_of(node).one_scale) tie_inputs(node, scales);
  return scales;
}

}  // namespace dragonet
