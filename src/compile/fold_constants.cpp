#include "compile/fold_constants.h"

#include <fmt/format.h>

#include <algorithm>

#include "ops/operator.h"

namespace dragonet {

static bool is_constant(const Model& model, const Node& node) {
  return std::ranges::all_of(node.inputs, [&](int t) { return t < 0 || model.tensors[t].is_constant(); });
}

static constexpr std::int64_t most_macs = 1'000'000'000;  // references are slow on purpose

static void fold(Model& model, const Node& node) {
  if (const std::int64_t macs = find_operator(node.op)->macs(model, node); macs > most_macs)
    throw Error({describe(model, node),
                 fmt::format("has only constants for inputs, and to work it out takes {} multiplications", macs),
                 "put its result into the model instead"});
  TensorBytes bytes(model.tensors.size());
  for (const int t : node.inputs)
    if (t >= 0) bytes[t] = model.tensors[t].data;
  for (const int t : node.outputs) bytes[t].resize(model.tensors[t].bytes());
  find_operator(node.op)->reference(model, node, bytes);
  for (const int t : node.outputs) model.tensors[t].data = bytes[t];
}

Model fold_constants(const Model& model) {
  Model folded = model;
  folded.nodes.clear();
  for (Node node : model.nodes) {
    if (is_constant(folded, node)) {
      fold(folded, node);
      continue;
    }
    node.index = static_cast<int>(folded.nodes.size());
    folded.nodes.push_back(std::move(node));
  }
  return folded;
}

}  // namespace dragonet
