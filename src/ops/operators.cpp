#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "ops/check.h"
#include "ops/emit.h"
#include "ops/operator.h"

namespace dragonet {

// To add an operator: its file here, its test beside it, its kernel in firmware/kernels, its name below.
// clang-format off
extern const Operator
    add,
    arg_max,
    average_pool_2d,
    concatenation,
    conv_2d,
    depthwise_conv_2d,
    dequantize,
    expand_dims,
    fully_connected,
    hard_swish,
    leaky_relu,
    logistic,
    max_pool_2d,
    maximum,
    mean,
    minimum,
    mul,
    pack,
    pad,
    padv2,
    prelu,
    quantize_op,
    relu,
    relu6,
    reshape,
    resize_bilinear,
    resize_nearest_neighbor,
    slice,
    softmax,
    split,
    squeeze,
    strided_slice,
    sub,
    sum,
    svdf,
    tanh_op,
    transpose,
    transpose_conv,
    unidirectional_sequence_lstm,
    unpack;

const std::vector<const Operator*>& operators() {
  static const std::vector<const Operator*> table{
      &add,
      &arg_max,
      &average_pool_2d,
      &concatenation,
      &conv_2d,
      &depthwise_conv_2d,
      &dequantize,
      &expand_dims,
      &fully_connected,
      &hard_swish,
      &leaky_relu,
      &logistic,
      &max_pool_2d,
      &maximum,
      &mean,
      &minimum,
      &mul,
      &pack,
      &pad,
      &padv2,
      &prelu,
      &quantize_op,
      &relu,
      &relu6,
      &reshape,
      &resize_bilinear,
      &resize_nearest_neighbor,
      &slice,
      &softmax,
      &split,
      &squeeze,
      &strided_slice,
      &sub,
      &sum,
      &svdf,
      &tanh_op,
      &transpose,
      &transpose_conv,
      &unidirectional_sequence_lstm,
      &unpack};
  return table;
}
// clang-format on

const Operator* find_operator(const std::string& name) {
  const auto found = std::ranges::find(operators(), name, [](const Operator* op) { return std::string(op->name); });
  return found == operators().end() ? nullptr : *found;
}

Operands operands_of(const Node& node) {
  const Operator* op = find_operator(node.op);
  return op ? op->operands : Operands{};
}

std::vector<WeightedSum> weighted_sums_of(const Node& node) {
  const Operator* op = find_operator(node.op);
  if (!op) return {};
  const auto& [values, weights, bias] = op->operands;
  if (op->quantization.has_weights) return {{values, weights, bias}};
  return {op->quantization.sums.begin(), op->quantization.sums.end()};
}

const Tensor& values_of(const Model& model, const Node& node) { return model.input(node, operands_of(node).values); }
const Tensor& weights_of(const Model& model, const Node& node) { return model.input(node, operands_of(node).weights); }

bool is_computed(const Model& model, int tensor) {
  return tensor >= 0 && !model.tensors[tensor].is_constant() && !model.tensors[tensor].is_variable;
}

/// What holds for every operator, so that none has to ask.
static Problems check_operands(const Model& model, const Node& node, const Operator& op) {
  if (!model.has_input(node, op.operands.values)) return {"its input is missing"};
  if (node.outputs.size() != 1 && !op.many_outputs)
    return {fmt::format("it has {} outputs, not 1", node.outputs.size())};
  for (const int t : node.inputs)
    if (t >= 0 && model.tensors[t].is_variable && !op.has_variables)
      return {fmt::format("its input {} is a variable", model.tensors[t].name)};
  return {};
}

static Problems check_shapes(const Model& model, const Node& node, const Operator& op) {
  Problems wrong;
  const Shape shape = op.shape(model, node);
  for (const int t : node.outputs)
    if (shape != model.tensors[t].shape)
      wrong.push_back(fmt::format("its output should be {}, and the file says {}", text_of(shape),
                                  text_of(model.tensors[t].shape)));
  return wrong;
}

bool can_be_asked(const Model& model, const Node& node) {
  const Operator* op = find_operator(node.op);
  return op && check_operands(model, node, *op).empty() && op->check(model, node).empty();
}

static Problems check_node(const Model& model, const Node& node) {
  const Operator* op = find_operator(node.op);
  Problems wrong = check_operands(model, node, *op);
  if (wrong.empty()) wrong = op->check(model, node);
  return wrong.empty() ? check_shapes(model, node, *op) : wrong;
}

/// Files that were compiled for one accelerator hold all of the network in one operator of its vendor.
static const char* next_for(const std::string& op) {
  if (op.starts_with("custom operator ethos-u"))
    return "Vela compiled this file for an Arm Ethos-U: give the .tflite that Vela was given";
  if (op.starts_with("custom operator edgetpu"))
    return "this file was compiled for an Edge TPU: give the .tflite that edgetpu_compiler was given";
  if (op.starts_with("custom operator Flex"))
    return "it is TensorFlow's own: convert the model anew without SELECT_TF_OPS, and replace what then is refused";
  if (op == "var_handle" || op == "read_variable" || op == "assign_variable" || op == "call_once")
    return "the model keeps resource variables: give it its state as an input and an output, or an LSTM of one step";
  return "`dragonet ops` lists what is supported";
}

static std::string upper_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

Problem unknown_operator(const std::string& where, const std::string& op) {
  const bool is_named = op.find(' ') == std::string::npos;  // by the schema
  return {where, fmt::format("{} is not supported", is_named ? "the operator " + upper_case(op) : "the " + op),
          next_for(op)};
}

void check_supported(const Model& model) {
  std::vector<Problem> found;
  for (const Node& node : model.nodes)
    if (!find_operator(node.op)) found.push_back(unknown_operator(describe(model, node), node.op));
  for (const Node& node : model.nodes)
    if (find_operator(node.op))
      for (const std::string& what : check_node(model, node))
        found.push_back({describe(model, node), what, "`dragonet ops` lists what is supported"});
  if (!found.empty()) throw Error(std::move(found));
}

}  // namespace dragonet
