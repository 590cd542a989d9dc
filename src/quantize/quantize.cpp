#include "quantize/quantize.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "base/error.h"
#include "model/codec.h"
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

/// What no tensor holds.
static void measure_states(const Model& model, TensorBytes& bytes, Ranges& intervals) {
  for (const Node& node : model.nodes)
    for (const StateRule& state : find_operator(node.op)->quantization.states)
      if (state.reach) {
        const RealInterval reached = state.reach(model, node, bytes);
        intervals[node.inputs[state.operand]].widen({reached.min, reached.max});
      }
}

Ranges measure_ranges(const Model& model, std::span<const std::vector<float>> samples,
                      const std::function<void(std::size_t)>& on_sample, bool in_turn) {
  if (samples.empty())
    throw Error({model.source, "there are no samples to measure ranges with", "give some; hundreds are plenty"});
  Ranges intervals(model.tensors.size());
  ModelState state = initial_state(model);
  for (std::size_t s = 0; s < samples.size(); ++s) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(samples[s].data());
    if (!in_turn) state = initial_state(model);
    TensorBytes bytes = run_reference(model, {first, samples[s].size() * sizeof(float)}, state);
    for (int t = 0; t < static_cast<int>(bytes.size()); ++t) {
      if (model.tensors[t].dtype != DType::float32) continue;
      const std::span<const float> reals{data_of<float>(bytes, t), bytes[t].size() / sizeof(float)};
      require_finite(model, t, reals);
      intervals[t].widen(reals);
    }
    measure_states(model, bytes, intervals);
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

/// 0 where all share one scale.
static std::size_t channel_of(const Shape& shape, int axis, std::size_t i) {
  return axis < 0 ? 0 : index_along(shape, axis, i);
}

/// Symmetric scales of int8 weights.
static std::vector<float> weight_scales(const Tensor& weights, int axis) {
  const auto reals = values<float>(weights);
  std::vector<float> largest(axis < 0 ? 1 : weights.shape[axis]);
  for (std::size_t i = 0; i < reals.size(); ++i) {
    float& most = largest[channel_of(weights.shape, axis, i)];
    most = std::max(most, std::abs(reals[i]));
  }
  for (float& scale : largest) scale = scale_of(scale, 127);
  return largest;
}

/// A channel of tiny weights and a large bias gets a larger scale, so that the bias, whose scale is input scale times
/// weight scale, still fits int32 with room for the sum.
static void make_room(std::vector<float>& scales, std::span<const float> bias, float input_scale) {
  for (std::size_t c = 0; c < bias.size(); ++c) {
    float& scale = scales[scales.size() == 1 ? 0 : c];
    scale = std::max(scale, std::abs(bias[c]) / input_scale / static_cast<float>(1 << 30));
  }
}

static void quantize_weights(Tensor& weights, DType dtype, int axis, const std::vector<float>& scales) {
  const std::vector<float> reals = floats_in(weights.data);
  weights.dtype = dtype;
  weights.quantization = {scales, std::vector<std::int32_t>(scales.size()), std::max(axis, 0)};
  weights.data = bytes_of_reals(weights, reals);
}

static void quantize_bias(Tensor& bias, float input_scale, const std::vector<float>& scales) {
  const Reals reals = reals_of(bias);  // int32 has more digits than a float
  bias.dtype = DType::int32;
  const int last = std::max(static_cast<int>(bias.shape.size()) - 1, 0);
  bias.quantization = {{}, std::vector<std::int32_t>(scales.size()), last};
  for (const float scale : scales) bias.quantization.scale.push_back(input_scale * scale);
  bias.data = bytes_of_reals(bias, reals);
}

/// A constant that is neither weights nor a bias: what is added, multiplied, compared, joined or padded with. What that
/// scale does not hold is cut off.
static void quantize_operand(Tensor& operand, const Quantization& quantization) {
  const std::vector<float> reals = floats_in(operand.data);
  operand.dtype = DType::int8;
  operand.quantization = quantization;
  operand.data = bytes_of_reals(operand, reals);
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

static void quantize_sum(Model& model, const Node& node, const WeightedSum& sum, int axis) {
  const float input_scale = model.input(node, sum.values).quantization.scale[0];
  const bool has_bias = sum.bias >= 0 && model.has_input(node, sum.bias);
  Tensor& weights = model.tensors[node.inputs[sum.weights]];
  assert(weights.dtype == DType::float32 && "weights shared by two nodes are split before this");
  const auto bias = has_bias ? values<float>(model.input(node, sum.bias)) : std::span<const float>{};
  const bool is_wide = sum.int16_scale != nullptr;
  auto scales = is_wide ? std::vector{scale_of(sum.int16_scale(model, node), 1)} : weight_scales(weights, axis);
  make_room(scales, bias, input_scale);
  quantize_weights(weights, is_wide ? DType::int16 : DType::int8, axis, scales);
  if (has_bias) quantize_bias(model.tensors[node.inputs[sum.bias]], input_scale, scales);
}

static void quantize_constants(Model& model, const Node& node) {
  const std::vector<WeightedSum> sums = weighted_sums_of(node);
  if (sums.empty()) return quantize_operands(model, node);
  for (const WeightedSum& sum : sums)
    quantize_sum(model, node, sum, find_operator(node.op)->quantization.per_channel_axis);
}

/// The least power of two that holds it in int16.
static Quantization power_of_two(const RealInterval& reached) {
  int power = 0;  // of 2, to which it reaches
  std::frexp(std::max({reached.max, -reached.min, 1.0f / 256}), &power);
  return {{std::ldexp(1.0f, std::min(power, 15) - 15)}, {0}, 0};
}

static void quantize_states(Model& model, const Node& node, const Ranges& ranges) {
  for (const auto& [operand, reach] : find_operator(node.op)->quantization.states) {
    const int t = node.inputs[operand];
    Tensor& state = model.tensors[t];
    const bool is_real = std::exchange(state.dtype, reach ? DType::int16 : DType::int8) == DType::float32;
    state.quantization = reach ? power_of_two(ranges[t]) : model.output(node).quantization;
    if (is_real && !state.initial.empty()) state.initial = bytes_of_reals(state, floats_in(state.initial));
  }
}

static void set_activation(Node& node) {
  if (const int activation = find_operator(node.op)->quantization.activation; activation >= 0)
    node.attributes["fused_activation_function"] = std::int64_t{activation};
}

static void add_intermediates(Model& model, Node& node) {
  const int count = find_operator(node.op)->quantization.intermediates;
  if (count == 0) return;
  std::vector<std::int64_t> intermediates;
  for (int i = 0; i < count; ++i) {
    intermediates.push_back(std::ssize(model.tensors));
    model.tensors.push_back({.name = fmt::format("{}/intermediate_{}", model.output(node).name, i),
                             .dtype = DType::int8,
                             .quantization = model.output(node).quantization});
  }
  node.attributes["intermediates"] = intermediates;
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

/// A float tensor that stands for an int8 one.
static int add_real(Model& model, int tensor) {
  Tensor real = model.tensors[tensor];
  real.name += "/real";
  real.dtype = DType::float32;
  real.quantization = {};
  model.tensors.push_back(std::move(real));
  return static_cast<int>(model.tensors.size()) - 1;
}

/// The node as it was, on floats, between nodes that lead to int8 and back. Its constants stay floats.
static void add_in_float(const Model& floats, Model& model, Node node, std::vector<Node>& nodes) {
  const auto was_real = [&](int t) { return is_computed(model, t) && floats.tensors[t].dtype == DType::float32; };
  std::vector<Node> after;
  for (int& t : node.inputs)
    if (was_real(t)) {
      const int from = std::exchange(t, add_real(model, t));
      nodes.push_back({.op = "dequantize", .inputs = {from}, .outputs = {t}});
    }
  for (int& t : node.outputs)
    if (was_real(t)) {
      const int to = std::exchange(t, add_real(model, t));
      after.push_back({.op = "quantize", .inputs = {t}, .outputs = {to}});
    }
  nodes.push_back(std::move(node));
  nodes.insert(nodes.end(), after.begin(), after.end());
}

static bool works_in_float(const Node& node) { return find_operator(node.op)->quantization.in_float; }

static void keep_in_float(const Model& floats, Model& model) {
  std::vector<Node> nodes;
  for (const Node& node : model.nodes)
    if (works_in_float(node))
      add_in_float(floats, model, node, nodes);
    else
      nodes.push_back(node);
  model.nodes = std::move(nodes);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) model.nodes[i].index = static_cast<int>(i);
}

/// What it keeps would stay float32.
static void require_state_rules(const Model& model) {
  for (const Node& node : model.nodes)
    for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i)
      if (const auto& states = find_operator(node.op)->quantization.states;
          model.has_input(node, i) && model.input(node, i).is_variable &&
          std::ranges::find(states, i, &StateRule::operand) == states.end())
        throw Error({describe(model, node), "cannot be converted to int8, since it keeps what has no range yet",
                     "convert the model with TensorFlow Lite's converter, full-integer; its file runs here"});
}

static void require_float(const Model& model) {
  require_state_rules(model);
  for (const Node& node : model.nodes) {
    for (const int t : {node.inputs[operands_of(node).values], node.outputs[0]})
      if (is_quantized(model.tensors[t].dtype))
        throw Error({describe(model, node),
                     fmt::format("works on {}: the model is quantized already", name_of(model.tensors[t].dtype)),
                     "`dragonet compile` takes it as it is"});
  }
}

Model quantize(const Model& model, std::span<const std::vector<float>> samples, const Quantization& input,
               const std::function<void(std::size_t)>& on_sample, bool in_turn) {
  require_float(model);
  return quantize(model, measure_ranges(model, samples, on_sample, in_turn), input);
}

Model quantize(const Model& model, const Ranges& ranges, const Quantization& input) {
  require_float(model);
  Model result = model;
  split_shared_constants(result);  // which appends only constants
  const Model floats = result;
  set_activations(result, ranges, input);
  keep_in_float(floats, result);
  unify_scales(result);
  for (Node& node : result.nodes) {
    if (works_in_float(node)) continue;
    quantize_states(result, node, ranges);  // first: they have the scales of sums
    quantize_constants(result, node);
    add_intermediates(result, node);
    set_activation(node);
  }
  return result;
}

}  // namespace dragonet
