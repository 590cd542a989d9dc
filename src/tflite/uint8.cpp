// TensorFlow 1 quantized to uint8, also the weights, with one scale and zero point a tensor. 128 lower, the same bytes
// are int8: real = scale * (q - zero_point) stays as it is, and so do sums, multipliers and clamps. What is left of the
// older arithmetic is said to the node by an attribute: weights may have a zero point, both scales of a product are
// multiplied as floats, and a mean rounds halves up, since uint8 has no negative ones.
// Source: TensorFlow Lite, kernels/internal/reference/conv.h, depthwiseconv_uint8.h, pooling.h.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "ops/quantized.h"
#include "tflite/known_forms.h"

namespace dragonet {

static bool is_quantized_uint8(const Tensor& tensor) {
  return tensor.dtype == DType::uint8 && !tensor.quantization.scale.empty();
}

static bool is_conversion(const std::string& op) { return op == "quantize" || op == "dequantize" || op == "cast"; }

/// Does a node compute with it, rather than turn it at the model's edges?
static bool computes_uint8(const Model& model, const Node& node) {
  const auto is_one = [&](int t) { return t >= 0 && is_quantized_uint8(model.tensors[t]); };
  return !is_conversion(node.op) &&
         (std::ranges::any_of(node.inputs, is_one) || std::ranges::any_of(node.outputs, is_one));
}

static void lower(Tensor& tensor) {
  tensor.dtype = DType::int8;
  for (auto* bytes : {&tensor.data, &tensor.initial})
    for (std::uint8_t& byte : *bytes) byte ^= 0x80;
  for (std::int32_t& zero_point : tensor.quantization.zero_point) zero_point -= 128;
}

/// Weights without a zero point are cheaper: they get there where they reach no further than 127 from it.
static void make_symmetric(Tensor& weights) {
  if (!weights.is_constant() || weights.dtype != DType::int8 || weights.quantization.zero_point.size() != 1) return;
  const std::int32_t zero_point = weights.quantization.zero_point[0];
  const auto far = [&](std::int8_t q) { return std::abs(q - zero_point) > 127; };
  if (std::ranges::any_of(values<std::int8_t>(weights), far)) return;
  for (std::uint8_t& byte : weights.data) byte = static_cast<std::uint8_t>(static_cast<std::int8_t>(byte) - zero_point);
  weights.quantization.zero_point[0] = 0;
}

/// Of the same scale, and 128 higher; the next tensor.
static int add_twin(Model& model, int tensor) {
  Tensor twin = model.tensors[tensor];
  twin.dtype = DType::uint8;
  twin.name += "/uint8";
  for (std::int32_t& zero_point : twin.quantization.zero_point) zero_point += 128;
  model.tensors.push_back(std::move(twin));
  return static_cast<int>(model.tensors.size()) - 1;
}

/// Joined values of other scales are brought to the output's: int8 has no such concatenation.
static void bring_to_one_scale(Model& model) {
  std::vector<Node> nodes;
  for (Node& node : model.nodes) {
    if (node.op == "concatenation" && node.integer(from_uint8))
      for (int& t : node.inputs) {
        const Quantization wanted = model.output(node).quantization;
        if (t < 0 || model.tensors[t].dtype != DType::int8 || model.tensors[t].quantization == wanted) continue;
        Tensor brought = model.tensors[t];
        brought.name += "/joined";
        brought.quantization = wanted;
        brought.data.clear();
        model.tensors.push_back(std::move(brought));
        const int from = std::exchange(t, static_cast<int>(model.tensors.size()) - 1);
        nodes.push_back({.op = "quantize", .inputs = {from}, .outputs = {t}});
      }
    nodes.push_back(std::move(node));
  }
  model.nodes = std::move(nodes);
}

/// Of these tensors, model inputs or outputs, those that were uint8 get twins that still are; the pairs (inner, twin).
static std::vector<std::pair<int, int>> add_twins(Model& model, std::vector<int>& edge, const std::vector<bool>& was) {
  std::vector<std::pair<int, int>> pairs;
  for (int& t : edge)
    if (was[static_cast<std::size_t>(t)]) {
      const int twin = add_twin(model, t);
      pairs.emplace_back(std::exchange(t, twin), twin);
    }
  return pairs;
}

/// The model's own inputs and outputs stay uint8: a node turns each.
static void keep_edges(Model& model, const std::vector<bool>& was) {
  std::vector<Node> nodes;
  for (const auto& [inner, twin] : add_twins(model, model.inputs, was))
    nodes.push_back({.op = "quantize", .inputs = {twin}, .outputs = {inner}});
  std::ranges::move(model.nodes, std::back_inserter(nodes));
  for (const auto& [inner, twin] : add_twins(model, model.outputs, was))
    nodes.push_back({.op = "quantize", .inputs = {inner}, .outputs = {twin}});
  model.nodes = std::move(nodes);
  for (std::size_t i = 0; i < model.nodes.size(); ++i) model.nodes[i].index = static_cast<int>(i);
}

/// Tells the nodes that they compute what was uint8, and lowers all of that; which tensors it was.
static std::vector<bool> lower_all(Model& model) {
  for (Node& node : model.nodes)
    if (computes_uint8(model, node)) node.attributes[from_uint8] = std::int64_t{1};
  std::vector<bool> was;
  for (Tensor& tensor : model.tensors) {
    was.push_back(is_quantized_uint8(tensor));
    if (was.back()) lower(tensor);
  }
  return was;
}

static void make_weights_symmetric(Model& model) {
  for (const Node& node : model.nodes)
    for (const WeightedSum& sum : weighted_sums_of(node))
      if (node.integer(from_uint8) && model.has_input(node, sum.weights))
        make_symmetric(model.tensors[node.inputs[sum.weights]]);
}

Model with_int8_for_uint8(Model model) {
  if (std::ranges::none_of(model.nodes, [&](const Node& node) { return computes_uint8(model, node); })) return model;
  const std::vector<bool> was = lower_all(model);
  make_weights_symmetric(model);
  bring_to_one_scale(model);
  keep_edges(model, was);
  model.remarks.emplace_back(
      "quantized to uint8, as TensorFlow 1 did: it runs as int8, exactly; the emitted code takes and gives int8, the "
      "uint8 less 128");
  return model;
}

}  // namespace dragonet
