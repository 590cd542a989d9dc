// Changes to a model that no converter would make, but that a file can hold: for the tests and for the fuzzer.
#pragma once

#include "ops/op_test.h"

namespace dragonet::testing {

inline int hostile_number(RandomModels& random) {
  static constexpr int numbers[] = {0, -1, 1, 2, 3, 127, 128, 255, 256, 32767, 32768, 1 << 20, INT32_MAX, INT32_MIN};
  return numbers[random.pick(0, static_cast<int>(std::size(numbers)) - 1)];
}

template <typename Elements>
auto& any_of(RandomModels& random, Elements& elements) {
  auto found = elements.begin();
  std::advance(found, random.pick(0, static_cast<int>(elements.size()) - 1));
  return *found;
}

inline void make_attribute_hostile(RandomModels& random, Node& node) {
  if (node.attributes.empty()) return;
  auto& [name, value] = any_of(random, node.attributes);
  if (random.one_in(4))
    node.attributes.erase(std::string(name));
  else if (auto* number = std::get_if<std::int64_t>(&value))
    *number = hostile_number(random);
  else if (auto* real = std::get_if<double>(&value))
    *real = random.one_in(2) ? -1.0 : 1e38;
  else
    std::get<std::vector<std::int64_t>>(value).push_back(hostile_number(random));
}

inline void make_inputs_hostile(RandomModels& random, const Model& model, Node& node) {
  if (random.one_in(2)) node.inputs.resize(random.pick(0, 4), -1);
  if (!node.inputs.empty()) any_of(random, node.inputs) = random.pick(-1, static_cast<int>(model.tensors.size()) - 1);
}

inline void make_shape_hostile(RandomModels& random, Tensor& tensor) {
  if (random.one_in(3)) tensor.shape.resize(random.pick(0, 6), 1);
  if (!tensor.shape.empty()) any_of(random, tensor.shape) = hostile_number(random);
}

inline void make_quantization_hostile(RandomModels& random, Tensor& tensor) {
  if (random.one_in(3)) tensor.quantization = {};
  for (float& scale : tensor.quantization.scale) scale = random.one_in(2) ? 1e-38f : 1e38f;
  for (std::int32_t& zero_point : tensor.quantization.zero_point)
    if (random.one_in(2)) zero_point = random.one_in(2) ? -128 : 127;
  if (random.one_in(4)) tensor.quantization.axis = hostile_number(random);
}

/// Of a constant a word, or all of it.
inline void make_data_hostile(RandomModels& random, Tensor& tensor) {
  if (random.one_in(8)) tensor.data.resize(random.one_in(2) ? 0 : tensor.bytes() % 4096);
  if (tensor.data.size() < 4) return;
  const int number = hostile_number(random);
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(&number);
  const int word = random.pick(0, static_cast<int>(tensor.data.size() / 4) - 1);
  std::copy_n(bytes, 4, tensor.data.begin() + 4 * static_cast<std::ptrdiff_t>(word));
}

/// One more node like one that is there, of any tensor: graphs that no chain is like, with readers and outputs
/// anywhere.
inline void graft(RandomModels& random, Model& model) {
  const int tensors = static_cast<int>(model.tensors.size());
  Node node = any_of(random, model.nodes);
  if (!node.inputs.empty()) node.inputs[0] = random.pick(0, tensors - 1);
  for (int& output : node.outputs) {
    if (output < 0 || output >= tensors) continue;
    model.tensors.push_back(model.tensors[output]);
    output = static_cast<int>(model.tensors.size()) - 1;
  }
  if (random.one_in(2) && !node.outputs.empty()) model.outputs.assign(1, node.outputs[0]);
  node.index = static_cast<int>(model.nodes.size());
  model.nodes.push_back(node);
}

inline void make_ends_hostile(RandomModels& random, Model& model) {
  std::vector<int>& ends = random.one_in(3) ? model.inputs : model.outputs;
  if (random.one_in(3) && !ends.empty()) ends.pop_back();
  ends.push_back(random.pick(0, static_cast<int>(model.tensors.size()) - 1));
}

/// Changes one thing.
inline void make_hostile(RandomModels& random, Model& model) {
  if (model.tensors.empty() || model.nodes.empty()) return;
  Tensor& tensor = any_of(random, model.tensors);
  Node& node = any_of(random, model.nodes);
  switch (random.pick(0, 12)) {
    case 0:
    case 1:
    case 2:
      return make_attribute_hostile(random, node);
    case 3:
    case 4:
      return make_inputs_hostile(random, model, node);
    case 5:
      return make_shape_hostile(random, tensor);
    case 6:
      return make_quantization_hostile(random, tensor);
    case 7:
      return make_data_hostile(random, tensor);
    case 8:
      tensor.dtype = static_cast<DType>(random.pick(0, static_cast<int>(DType::boolean)));
      return;
    case 9:
      tensor.is_variable = !tensor.is_variable;
      return;
    case 10:
      return make_ends_hostile(random, model);
    default:
      if (model.nodes.size() < 20) graft(random, model);
  }
}

}  // namespace dragonet::testing
