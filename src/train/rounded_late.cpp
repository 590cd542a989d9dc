// Each node is one of our layers, so torch applies it as in training; what is added is the rounding. Which tensors
// share a scale, and which scales are prescribed, int8 conversion says (ops/shared_scales.h, ops/ranges.h). Source:
// Jacob et al. 2018, arXiv:1712.05877, section 3; TensorFlow Lite 8-bit quantization specification.

#include <utility>

#include "base/error.h"
#include "ops/lstm.h"
#include "ops/operator.h"
#include "train/import.h"
#include "train/lstm_weights.h"
#include "train/rounded.h"

namespace dragonet {

static at::Tensor learned_copy(const at::Tensor& values) { return values.clone().set_requires_grad(true); }

static TorchLayer torch_layer(const Model& model, const Node& node) {
  const auto layer = layer_of(model, node);
  if (!layer)
    throw Error({describe(model, node), "training with rounded values does not know this operator",
                 "set train.qat = \"never\" in dragonet.toml"});
  TorchLayer made{.layer = *layer, .shape = model.output(node).shape};
  made.shape.erase(made.shape.begin());  // the batch
  const Shape& in = model.input(node, 0).shape;
  if (in.size() == 4) made.paddings = paddings_of(*layer, {in[1], in[2], in[3]});
  if (layer->type == "LSTM") {
    made.weight = learned_copy(torch_weights(layer->type, lstm_weights_shape(model, node), lstm_weights(model, node)));
    made.bias = learned_copy(torch_values(lstm_bias(model, node)));
  }
  if (!find_operator(node.op)->quantization.has_weights) return made;
  const Tensor& weights = model.input(node, 1);
  made.weight = learned_copy(torch_weights(layer->type, weights.shape, values<float>(weights)));
  if (model.has_input(node, 2)) made.bias = learned_copy(torch_values(values<float>(model.input(node, 2))));
  return made;
}

RoundedNetwork::RoundedNetwork(const Model& model, const Quantization& input)
    : model_(model),
      scales_(share_scales(model, input)),
      passed_on_(passed_on(model)),
      ranges_(at::zeros({std::ssize(model.tensors), 2})) {
  for (const Node& node : model.nodes) layers_.push_back(torch_layer(model, node));
  settle();
}

Ranges RoundedNetwork::final_ranges() const {
  Ranges ranges(model_.tensors.size());
  for (std::size_t t = 0; t < ranges.size(); ++t) {
    const float* pair = ranges_.data_ptr<float>() + 2 * t;
    ranges[t] = {pair[0], pair[1]};
  }
  return ranges;
}

/// Scales and zero points of the ranges as they are.
void RoundedNetwork::settle() {
  const Ranges groups = united(model_, scales_, final_ranges());
  quantization_.clear();
  for (int t = 0; t < static_cast<int>(groups.size()); ++t) {
    const Quantization* prescribed = scales_.prescription_of(t);
    quantization_.push_back(prescribed ? *prescribed : affine(groups[scales_.group_of(t)]));
  }
}

at::Tensor RoundedNetwork::rounded(int tensor, const at::Tensor& values) const {
  const Quantization& q = quantization_[tensor];
  return at::fake_quantize_per_tensor_affine(values, q.scale[0], q.zero_point[0], -128, 127);
}

/// Symmetric, one scale for each output channel or one for all.
static at::Tensor rounded_weights(const at::Tensor& weights, bool per_channel) {
  const at::Tensor sizes = weights.detach().abs().flatten(1).amax(1);
  const at::Tensor largest = per_channel ? sizes : sizes.max().expand(sizes.sizes());
  const at::Tensor scales = at::where(largest > 0, largest / 127, at::ones_like(largest)).contiguous();
  return at::fake_quantize_per_channel_affine(weights, scales, at::zeros(scales.sizes(), at::kInt), 0, -127, 127);
}

/// Numbers of the .tflite schema's ActivationFunctionType: RELU 1, RELU6 3.
static at::Tensor activated(const at::Tensor& x, std::int64_t activation) {
  if (activation == 3) return at::hardtanh(x, 0, 6);
  return activation == 1 ? at::relu(x) : x;
}

void RoundedNetwork::observe(int tensor, const at::Tensor& values, Ranging ranging) {
  if (ranging == keep || passed_on_[tensor]) return;
  const at::NoGradGuard no_gradients;
  constexpr double nearer = 0.01;  // as TensorFlow and PyTorch follow ranges: of the last hundred batches or so
  const at::Tensor seen = at::stack({values.min().clamp_max(0), values.max().clamp_min(0)});
  at::Tensor range = ranges_.select(0, tensor);
  if (ranging == follow) {
    range.lerp_(seen, nearer);
  } else {
    range.select(0, 0).copy_(at::minimum(range.select(0, 0), seen.select(0, 0)));
    range.select(0, 1).copy_(at::maximum(range.select(0, 1), seen.select(0, 1)));
  }
}

/// Of an LSTM: each gate's weights of the inputs, and those of the outputs, have a scale of their own.
static at::Tensor rounded_gates(const at::Tensor& weights, std::int64_t units) {
  std::vector<at::Tensor> gates;
  for (const at::Tensor& gate : weights.chunk(lstm_gates, 0)) {
    const at::Tensor entering = gate.narrow(1, 0, gate.size(1) - units), recurrent = gate.narrow(1, -units, units);
    gates.push_back(at::cat({rounded_weights(entering, false), rounded_weights(recurrent, false)}, 1));
  }
  return at::cat(gates, 0);
}

/// Gates and cells are int16 on the chip, finer than training would notice: weights and outputs are rounded, and so is
/// what is fed back, once there is a range to round it by.
at::Tensor RoundedNetwork::run_gates(const Node& node, TorchLayer layer, const at::Tensor& inputs, Ranging ranging) {
  layer.weight = rounded_gates(layer.weight, layer.bias.size(0) / lstm_gates);
  const LstmRun run = run_lstm(layer, inputs, [&](const at::Tensor& output) {
    return ranging == widen ? output : rounded(node.outputs[0], output);
  });
  observe(node.outputs[0], run.outputs.detach(), ranging);
  observe(node.inputs[lstm_operands::cell_state], run.cells.detach(), ranging);
  return run.outputs;
}

at::Tensor RoundedNetwork::run_node(std::size_t i, const std::vector<at::Tensor>& values, Ranging ranging) {
  const Node& node = model_.nodes[i];
  const QuantizationRule& rule = find_operator(node.op)->quantization;
  std::vector<at::Tensor> inputs;
  for (const int t : node.inputs)
    if (t >= 0 && values[t].defined())
      inputs.push_back(rule.one_scale ? rounded(node.outputs[0], values[t]) : values[t]);
  TorchLayer layer = layers_[i];
  if (layer.layer.type == "LSTM") return run_gates(node, layer, inputs[0], ranging);
  if (layer.weight.defined()) layer.weight = rounded_weights(layer.weight, rule.per_channel_axis >= 0);
  const at::Tensor y = activated(apply_layer(layer, inputs, false), node.integer("fused_activation_function"));
  observe(node.outputs[0], y.detach(), ranging);
  return y;
}

at::Tensor RoundedNetwork::answers(const at::Tensor& inputs, Ranging ranging) {
  std::vector<at::Tensor> values(model_.tensors.size());
  settle();
  values[model_.inputs[0]] = rounded(model_.inputs[0], channels_last(inputs));
  for (std::size_t i = 0; i < model_.nodes.size(); ++i) {
    const Node& node = model_.nodes[i];
    if (node.op == "softmax" && node.outputs == model_.outputs) return values[node.inputs[0]];
    const at::Tensor y = run_node(i, values, ranging);
    if (ranging != keep) settle();
    values[node.outputs[0]] = rounded(node.outputs[0], y);
  }
  return values[model_.outputs[0]];
}

static std::vector<float> numbers_in(const at::Tensor& tensor) {
  const at::Tensor dense = tensor.detach().contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

Model RoundedNetwork::trained_model() const {
  Model model = model_;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Node& node = model.nodes[i];
    const TorchLayer& layer = layers_[i];
    if (layer.layer.type == "LSTM") {
      set_lstm_weights(model, node, numbers_in(layer.weight), numbers_in(layer.bias));
      continue;
    }
    if (layer.weight.defined()) set_values<float>(model.tensors[node.inputs[1]], numbers_in(tflite_weights(layer)));
    if (layer.bias.defined()) set_values<float>(model.tensors[node.inputs[2]], numbers_in(layer.bias));
  }
  return model;
}

}  // namespace dragonet
