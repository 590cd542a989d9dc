#include "quantize/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "ops/lstm.h"
#include "ops/quantized.h"
#include "ops/run_reference.h"
#include "ops/shared_scales.h"

namespace dragonet {

static void require_finite(const Model& model, int t, std::span<const float> values) {
  if (std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) return;
  throw Error({fmt::format("{}, tensor {}", model.source, model.tensors[t].name),
               "has values that are infinite or no numbers, so it has no range",
               "train again with a smaller learning rate, and look at the samples"});
}

static Ranges measure(const Model& model, std::span<const std::vector<float>> samples,
                      const std::function<void(std::size_t)>& on_sample) {
  if (samples.empty())
    throw Error({model.source, "there are no samples to measure ranges with", "give some; hundreds are plenty"});
  Ranges intervals(model.tensors.size());
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(samples[s].data());
    TensorBytes bytes = run_reference(model, {first, samples[s].size() * sizeof(float)});
    for (int t = 0; t < static_cast<int>(bytes.size()); ++t) {
      if (model.tensors[t].dtype != DType::float32) continue;
      const std::span<const float> reals{data_of<float>(bytes, t), bytes[t].size() / sizeof(float)};
      require_finite(model, t, reals);
      intervals[t].widen(reals);
    }
    for (const Node& node : model.nodes)
      if (find_operator(node.op)->has_variables) {
        const RealInterval cells = lstm_cell_range(model, node, bytes);
        intervals[node.inputs[lstm_operands::cell_state]].widen({cells.min, cells.max});
      }
    if (on_sample) on_sample(s + 1);
  }
  return intervals;
}

/// A range of its own, or its group's, unless the quantization is prescribed.
static void set_activations(Model& model, const Ranges& intervals, const Quantization& input) {
  const SharedScales scales = share_scales(model, input);
  const Ranges groups = united(model, scales, intervals);
  for (int t = 0; t < static_cast<int>(model.tensors.size()); ++t) {
    Tensor& tensor = model.tensors[t];
    if (tensor.dtype != DType::float32 || !is_computed(model, t)) continue;
    const Quantization* prescribed = scales.prescription_of(t);
    tensor.quantization = prescribed ? *prescribed : affine(groups[scales.group_of(t)]);
    tensor.dtype = DType::int8;
  }
}

/// Index along `axis` of the i-th element of a tensor; 0 where all share one scale.
static std::size_t channel_of(const Shape& shape, int axis, std::size_t i) {
  if (axis < 0) return 0;
  std::size_t inner = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) inner *= shape[d];
  return i / inner % shape[axis];
}

/// Symmetric scales of the weights. A channel of tiny weights and a large bias gets a larger one, so that the bias,
/// whose scale is input scale times weight scale, still fits int32 with room for the sum.
static std::vector<float> weight_scales(const Tensor& weights, int axis, std::span<const float> bias,
                                        float input_scale) {
  const auto reals = values<float>(weights);
  std::vector<float> largest(axis < 0 ? 1 : weights.shape[axis]);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    float& most = largest[channel_of(weights.shape, axis, i)];
    most = std::max(most, std::abs(reals[i]));
  }
  for (float& scale : largest) scale = scale_of(scale, 127);
  for (std::size_t c = 0; c < bias.size(); ++c) {
    float& scale = largest[axis < 0 ? 0 : c];
    scale = std::max(scale, std::abs(bias[c]) / input_scale / static_cast<float>(1 << 30));
  }
  return largest;
}

static void quantize_weights(Tensor& weights, int axis, const std::vector<float>& scales) {
  const auto reals = values<float>(weights);
  std::vector<std::int8_t> q(reals.size());
  for (std::size_t i = 0; i < q.size(); ++i)
    q[i] = static_cast<std::int8_t>(
        std::clamp(std::lround(reals[i] / scales[channel_of(weights.shape, axis, i)]), -127L, 127L));
  weights.dtype = DType::int8;
  weights.quantization = {scales, std::vector<std::int32_t>(scales.size()), std::max(axis, 0)};
  set_values<std::int8_t>(weights, q);
}

static void quantize_bias(Tensor& bias, float input_scale, const std::vector<float>& scales) {
  const auto reals = values<float>(bias);
  std::vector<std::int32_t> q(reals.size());
  std::vector<float> bias_scales;
  for (const float scale : scales) bias_scales.push_back(input_scale * scale);
  for (std::size_t c = 0; c < q.size(); ++c)
    q[c] = static_cast<std::int32_t>(std::lround(reals[c] / double{bias_scales[bias_scales.size() > 1 ? c : 0]}));
  bias.dtype = DType::int32;
  bias.quantization = {bias_scales, std::vector<std::int32_t>(bias_scales.size()), 0};
  set_values<std::int32_t>(bias, q);
}

/// A constant that is neither weights nor a bias: what is added, multiplied, compared, joined or padded with. What that
/// scale does not hold is cut off.
static void quantize_operand(Tensor& operand, const Quantization& quantization) {
  std::vector<float> reals(values<float>(operand).begin(), values<float>(operand).end());
  const float most = 256 * quantization.scale[0];
  for (float& real : reals) real = std::clamp(real, -most, most);
  operand.dtype = DType::int8;
  operand.quantization = quantization;
  set_values<std::int8_t>(operand, quantized(reals, quantization));
}

static void quantize_operands(Model& model, const Node& node) {
  for (const int t : node.inputs) {
    if (t < 0 || !model.tensors[t].is_constant() || model.tensors[t].dtype != DType::float32) continue;
    RealInterval interval;
    interval.widen(values<float>(model.tensors[t]));
    const QuantizationRule& rule = find_operator(node.op)->quantization;
    const bool is_shared = rule.one_scale || rule.output_as_input;
    quantize_operand(model.tensors[t], is_shared ? model.output(node).quantization : affine(interval));
  }
}

static void quantize_constants(Model& model, const Node& node) {
  const QuantizationRule& rule = find_operator(node.op)->quantization;
  if (!rule.has_weights) return quantize_operands(model, node);
  const float input_scale = values_of(model, node).quantization.scale[0];
  const int operand = operands_of(node).bias;
  const bool has_bias = model.has_input(node, operand);
  Tensor& weights = model.tensors[node.inputs[operands_of(node).weights]];
  assert(weights.dtype == DType::float32 && "weights shared by two nodes are split before this");
  const auto bias = has_bias ? values<float>(model.input(node, operand)) : std::span<const float>{};
  const auto scales = weight_scales(weights, rule.per_channel_axis, bias, input_scale);
  quantize_weights(weights, rule.per_channel_axis, scales);
  if (has_bias) quantize_bias(model.tensors[node.inputs[operand]], input_scale, scales);
}

/// Of the two states the output's has its scale, and the cells' a power of two that holds what they reach in int16.
static void quantize_states(Model& model, const Node& node, const RealInterval& cells) {
  Tensor &output = model.tensors[node.inputs[lstm_operands::output_state]],
         &cell = model.tensors[node.inputs[lstm_operands::cell_state]];
  output.dtype = DType::int8;
  output.quantization = model.output(node).quantization;
  int power = 0;  // of 2, to which they reach
  std::frexp(std::max({cells.max, -cells.min, 1.0f / 256}), &power);
  cell.dtype = DType::int16;
  cell.quantization = {{std::ldexp(1.0f, std::min(power, 15) - 15)}, {0}, 0};
}

/// What TensorFlow's converter also says of each: four scales that only a layer normalization would need, and the
/// output's before a projection. TensorFlow Lite reads the last.
static void add_intermediates(Model& model, Node& node) {
  std::vector<std::int64_t> intermediates;
  for (int i = 0; i < 5; ++i) {
    intermediates.push_back(std::ssize(model.tensors));
    model.tensors.push_back({.name = fmt::format("{}/intermediate_{}", model.output(node).name, i),
                             .dtype = DType::int8,
                             .quantization = model.output(node).quantization});
  }
  node.attributes["intermediates"] = intermediates;
}

/// An LSTM's. Source: TensorFlow Lite, tools/optimize/operator_property.cc, UNIDIRECTIONAL_SEQUENCE_LSTM.
static void quantize_gates(Model& model, const Node& node) {
  using namespace lstm_operands;
  const float input_scale = model.input(node, 0).quantization.scale[0];
  const float output_scale = model.output(node).quantization.scale[0];
  for (int gate = 0; gate < lstm_gates; ++gate) {
    Tensor &weights = model.tensors[node.inputs[input_weights + gate]],
           &recurrent = model.tensors[node.inputs[recurrent_weights + gate]],
           &bias = model.tensors[node.inputs[biases + gate]];
    const auto scales = weight_scales(weights, -1, values<float>(bias), input_scale);
    quantize_weights(weights, -1, scales);
    quantize_bias(bias, input_scale, scales);
    quantize_weights(recurrent, -1, weight_scales(recurrent, -1, {}, output_scale));
  }
}

/// Each node its own copy of weights and bias: two nodes with one bias want different scales for it.
static void split_shared_constants(Model& model) {
  std::vector<bool> used(model.tensors.size());
  for (Node& node : model.nodes)
    for (int& t : node.inputs) {
      if (t < 0 || !model.tensors[t].is_constant() || model.tensors[t].dtype != DType::float32) continue;
      if (used[t]) {
        model.tensors.push_back(model.tensors[t]);
        used.push_back(false);
        t = static_cast<int>(used.size()) - 1;
      }
      used[t] = true;
    }
}

/// A node before `reader` that brings the tensor to that scale. What it cuts off is nothing that the reader's output,
/// of that scale, could hold.
static void add_quantize(Model& model, std::vector<Node>& nodes, int& tensor, const Quantization& quantization) {
  Tensor brought = model.tensors[tensor];
  brought.name += "/quantized";
  brought.quantization = quantization;
  const int from = std::exchange(tensor, static_cast<int>(model.tensors.size()));
  model.tensors.push_back(std::move(brought));
  nodes.push_back({.op = "quantize", .inputs = {from}, .outputs = {tensor}});
}

/// Operators that ask one scale of all their tensors get it: of their output.
static void unify_scales(Model& model) {
  std::vector<Node> nodes;
  for (Node& node : model.nodes) {
    if (find_operator(node.op)->quantization.one_scale)
      for (int& t : node.inputs)
        if (const Quantization output = model.output(node).quantization;
            is_computed(model, t) && model.tensors[t].quantization != output)
          add_quantize(model, nodes, t, output);
    nodes.push_back(std::move(node));
  }
  model.nodes = std::move(nodes);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) model.nodes[i].index = static_cast<int>(i);
}

static bool is_quantized(DType dtype) { return dtype == DType::int8 || dtype == DType::int16 || dtype == DType::uint8; }

static void require_float(const Model& model) {
  for (const Node& node : model.nodes) {
    for (const int t : {node.inputs[operands_of(node).values], node.outputs[0]})
      if (is_quantized(model.tensors[t].dtype))
        throw Error({describe(model, node),
                     fmt::format("works on {}: the model is quantized already", name_of(model.tensors[t].dtype)),
                     "`dragonet compile` takes it as it is"});
  }
}

Model quantize(const Model& model, std::span<const std::vector<float>> samples, const Quantization& input,
               const std::function<void(std::size_t)>& on_sample) {
  require_float(model);
  return quantize(model, measure(model, samples, on_sample), input);
}

Model quantize(const Model& model, const Ranges& ranges, const Quantization& input) {
  require_float(model);
  Model result = model;
  split_shared_constants(result);  // which appends only constants
  set_activations(result, ranges, input);
  unify_scales(result);
  for (Node& node : result.nodes) {
    if (!find_operator(node.op)->has_variables) {
      quantize_constants(result, node);
      continue;
    }
    quantize_states(result, node, ranges[node.inputs[lstm_operands::cell_state]]);
    quantize_gates(result, node);
    add_intermediates(result, node);
  }
  return result;
}

std::vector<std::int8_t> quantized(std::span<const float> reals, const Quantization& q) {
  std::vector<std::int8_t> result;
  for (const float real : reals)
    result.push_back(
        static_cast<std::int8_t>(std::clamp(std::lround(real / q.scale[0]) + q.zero_point[0], -128L, 127L)));
  return result;
}

std::vector<float> dequantized(std::span<const std::int8_t> values, const Quantization& q) {
  std::vector<float> reals;
  for (const std::int8_t value : values) reals.push_back(q.scale[0] * static_cast<float>(value - q.zero_point[0]));
  return reals;
}

}  // namespace dragonet
