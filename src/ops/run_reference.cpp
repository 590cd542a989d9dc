#include "ops/run_reference.h"

#include <algorithm>
#include <cassert>

namespace dragonet {

TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input) {
  TensorBytes bytes;
  for (const Tensor& tensor : model.tensors)
    bytes.push_back(tensor.is_constant() ? tensor.data : std::vector<std::uint8_t>(tensor.bytes()));
  for (const int t : model.inputs) {
    assert(input.size() >= bytes[t].size());
    std::ranges::copy(input.first(bytes[t].size()), bytes[t].begin());
    input = input.subspan(bytes[t].size());
  }
  assert(input.empty());
  for (const Node& node : model.nodes) find_operator(node.op)->reference(model, node, bytes);
  return bytes;
}

std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input) {
  return run_reference(model, input)[model.outputs[0]];
}

}  // namespace dragonet
