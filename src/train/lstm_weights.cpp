#include "train/lstm_weights.h"

#include <algorithm>

#include "ops/lstm.h"

namespace dragonet {

using namespace lstm_operands;

static bool is_constant_of(const Model& model, const Node& node, int operand, const Shape& shape) {
  if (!model.has_input(node, operand)) return false;
  const Tensor& tensor = model.input(node, operand);
  return tensor.is_constant() && tensor.dtype == DType::float32 && tensor.shape == shape;
}

bool is_trained_lstm(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  constexpr std::int64_t tanh_activation = 4;
  if (node.op != "unidirectional_sequence_lstm" || in.size() != 3 || in[0] != 1 || node.integer("time_major") != 0 ||
      node.real("cell_clip") != 0 || node.integer("fused_activation_function") != tanh_activation ||
      !model.has_input(node, input_weights) || model.input(node, input_weights).shape.size() != 2)
    return false;
  for (const auto& [first, last] : {std::pair(9, 11), {16, 17}, {20, 23}})
    for (int i = first; i <= last; ++i)
      if (model.has_input(node, i)) return false;
  const int units = model.input(node, input_weights).shape[0];
  for (int gate = 0; gate < lstm_gates; ++gate)
    if (!is_constant_of(model, node, input_weights + gate, {units, in[2]}) ||
        !is_constant_of(model, node, recurrent_weights + gate, {units, units}) ||
        !is_constant_of(model, node, biases + gate, {units}))
      return false;
  return true;
}

namespace {
struct Sizes {
  int units, inputs;
};
}  // namespace

static Sizes sizes_of(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, input_weights).shape;
  return {weights[0], weights[1]};
}

Shape lstm_weights_shape(const Model& model, const Node& node) {
  const auto [units, inputs] = sizes_of(model, node);
  return {lstm_gates * units, inputs + units};
}

/// Of one gate and unit.
static std::span<const float> row(const Tensor& weights, int unit) {
  return values<float>(weights).subspan(std::size_t(unit) * weights.shape[1], weights.shape[1]);
}

std::vector<float> lstm_weights(const Model& model, const Node& node) {
  std::vector<float> all;
  for (int gate = 0; gate < lstm_gates; ++gate)
    for (int unit = 0; unit < sizes_of(model, node).units; ++unit)
      for (const int operand : {input_weights, recurrent_weights}) {
        const auto one = row(model.input(node, operand + gate), unit);
        all.insert(all.end(), one.begin(), one.end());
      }
  return all;
}

std::vector<float> lstm_bias(const Model& model, const Node& node) {
  std::vector<float> all;
  for (int gate = 0; gate < lstm_gates; ++gate) {
    const auto one = values<float>(model.input(node, biases + gate));
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

void set_lstm_weights(Model& model, const Node& node, std::span<const float> weights, std::span<const float> bias) {
  const auto [units, inputs] = sizes_of(model, node);
  const auto set = [&](int operand, const std::vector<float>& elements) {
    set_values<float>(model.tensors[node.inputs[operand]], elements);
  };
  for (int gate = 0; gate < lstm_gates; ++gate) {
    std::vector<float> entering, recurrent;
    for (int unit = 0; unit < units; ++unit) {
      const auto one = weights.subspan(std::size_t(gate * units + unit) * (inputs + units), inputs + units);
      entering.insert(entering.end(), one.begin(), one.begin() + inputs);
      recurrent.insert(recurrent.end(), one.begin() + inputs, one.end());
    }
    set(input_weights + gate, entering);
    set(recurrent_weights + gate, recurrent);
    set(biases + gate, {bias.begin() + gate * units, bias.begin() + (gate + 1) * units});
  }
}

}  // namespace dragonet
