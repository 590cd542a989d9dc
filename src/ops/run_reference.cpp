#include "ops/run_reference.h"

#include <algorithm>
#include <cassert>

#include "base/parallel.h"

namespace dragonet {

std::vector<std::uint8_t> initial_value(const Tensor& variable) {
  if (!variable.initial.empty()) return variable.initial;
  const auto& zero_point = variable.quantization.zero_point;
  const bool is_shifted = variable.dtype == DType::int8 && !zero_point.empty();
  return std::vector<std::uint8_t>(variable.bytes(), static_cast<std::uint8_t>(is_shifted ? zero_point[0] : 0));
}

bool keeps_state(const Model& model) {
  const auto is_variable = [&](int t) { return t >= 0 && model.tensors[t].is_variable; };
  return std::ranges::any_of(model.nodes,
                             [&](const Node& node) { return std::ranges::any_of(node.inputs, is_variable); });
}

ModelState initial_state(const Model& model) {
  ModelState state;
  for (std::size_t t = 0; t < model.tensors.size(); ++t)
    if (model.tensors[t].is_variable) state[static_cast<int>(t)] = initial_value(model.tensors[t]);
  return state;
}

TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input, ModelState& state) {
  TensorBytes bytes;
  for (const Tensor& tensor : model.tensors)
    bytes.push_back(tensor.is_constant() ? tensor.data : std::vector<std::uint8_t>(tensor.bytes()));
  for (const auto& [t, kept] : state) bytes[t] = kept;
  for (const int t : model.inputs) {
    assert(input.size() >= bytes[t].size());
    std::ranges::copy(input.first(bytes[t].size()), bytes[t].begin());
    input = input.subspan(bytes[t].size());
  }
  assert(input.empty());
  for (const Node& node : model.nodes) find_operator(node.op)->reference(model, node, bytes);
  for (auto& [t, kept] : state) kept = bytes[t];
  return bytes;
}

TensorBytes run_reference(const Model& model, std::span<const std::uint8_t> input) {
  ModelState state = initial_state(model);
  return run_reference(model, input, state);
}

std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input, ModelState& state) {
  return run_reference(model, input, state)[model.outputs[0]];
}

std::vector<std::uint8_t> reference_output(const Model& model, std::span<const std::uint8_t> input) {
  return run_reference(model, input)[model.outputs[0]];
}

void run_references(const Model& model, std::span<const std::vector<std::uint8_t>> inputs,
                    const std::function<void(std::size_t, TensorBytes&&)>& work) {
  if (!keeps_state(model))
    return for_each_parallel(inputs.size(), [&](std::size_t i) { work(i, run_reference(model, inputs[i])); });
  ModelState state = initial_state(model);
  for (std::size_t i = 0; i < inputs.size(); ++i) work(i, run_reference(model, inputs[i], state));
}

}  // namespace dragonet
