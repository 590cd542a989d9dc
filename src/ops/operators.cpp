#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "ops/check.h"
#include "ops/emit.h"
#include "ops/operator.h"

namespace dragonet {

// To add an operator: its file here, its test beside it, its kernel in firmware/kernels, its name below.
// clang-format off
extern const Operator
    abs_op,
    add,
    arg_max,
    arg_min,
    assign_variable,
    average_pool_2d,
    batch_matmul,
    batch_to_space_nd,
    broadcast_to,
    cast,
    ceil_op,
    concatenation,
    conv_2d,
    cos_op,
    cumsum,
    depth_to_space,
    depthwise_conv_2d,
    dequantize,
    div_op,
    elu_op,
    equal_op,
    exp_op,
    expand_dims,
    fill,
    floor_div,
    floor_mod,
    floor_op,
    fully_connected,
    gather_nd,
    gather_op,
    gelu_op,
    greater_equal_op,
    greater_op,
    hard_swish,
    l2_normalization,
    leaky_relu,
    less_equal_op,
    less_op,
    log_op,
    log_softmax,
    logical_and_op,
    logical_not_op,
    logical_or_op,
    logistic,
    max_pool_2d,
    maximum,
    mean,
    minimum,
    mirror_pad,
    mul,
    neg,
    not_equal,
    pack,
    pad,
    padv2,
    pow_op,
    prelu,
    quantize_op,
    rank_op,
    read_variable,
    reduce_all,
    reduce_any,
    reduce_max,
    reduce_min,
    reduce_prod,
    relu,
    relu6,
    relu_0_to_1,
    relu_n1_to_1,
    reshape,
    resize_bilinear,
    resize_nearest_neighbor,
    reverse_v2,
    round_op,
    rsqrt_op,
    select_op,
    select_v2,
    shape_op,
    sign_op,
    sin_op,
    slice,
    softmax,
    space_to_batch_nd,
    space_to_depth,
    split,
    split_v,
    sqrt_op,
    square_op,
    squared_difference,
    squeeze,
    strided_slice,
    sub,
    sum,
    svdf,
    tanh_op,
    tile,
    transpose,
    transpose_conv,
    unidirectional_sequence_lstm,
    unpack,
    zeros_like;

const std::vector<const Operator*>& operators() {
  static const std::vector<const Operator*> table{
      &abs_op,
      &add,
      &arg_max,
      &arg_min,
      &assign_variable,
      &average_pool_2d,
      &batch_matmul,
      &batch_to_space_nd,
      &broadcast_to,
      &cast,
      &ceil_op,
      &concatenation,
      &conv_2d,
      &cos_op,
      &cumsum,
      &depth_to_space,
      &depthwise_conv_2d,
      &dequantize,
      &div_op,
      &elu_op,
      &equal_op,
      &exp_op,
      &expand_dims,
      &fill,
      &floor_div,
      &floor_mod,
      &floor_op,
      &fully_connected,
      &gather_nd,
      &gather_op,
      &gelu_op,
      &greater_equal_op,
      &greater_op,
      &hard_swish,
      &l2_normalization,
      &leaky_relu,
      &less_equal_op,
      &less_op,
      &log_op,
      &log_softmax,
      &logical_and_op,
      &logical_not_op,
      &logical_or_op,
      &logistic,
      &max_pool_2d,
      &maximum,
      &mean,
      &minimum,
      &mirror_pad,
      &mul,
      &neg,
      &not_equal,
      &pack,
      &pad,
      &padv2,
      &pow_op,
      &prelu,
      &quantize_op,
      &rank_op,
      &read_variable,
      &reduce_all,
      &reduce_any,
      &reduce_max,
      &reduce_min,
      &reduce_prod,
      &relu,
      &relu6,
      &relu_0_to_1,
      &relu_n1_to_1,
      &reshape,
      &resize_bilinear,
      &resize_nearest_neighbor,
      &reverse_v2,
      &round_op,
      &rsqrt_op,
      &select_op,
      &select_v2,
      &shape_op,
      &sign_op,
      &sin_op,
      &slice,
      &softmax,
      &space_to_batch_nd,
      &space_to_depth,
      &split,
      &split_v,
      &sqrt_op,
      &square_op,
      &squared_difference,
      &squeeze,
      &strided_slice,
      &sub,
      &sum,
      &svdf,
      &tanh_op,
      &tile,
      &transpose,
      &transpose_conv,
      &unidirectional_sequence_lstm,
      &unpack,
      &zeros_like};
  return table;
}
// clang-format on

/// Asked for every row of every node.
static std::unordered_map<std::string, const Operator*> operators_by_name() {
  std::unordered_map<std::string, const Operator*> by_name;
  for (const Operator* op : operators()) by_name[op->name] = op;
  return by_name;
}

const Operator* find_operator(const std::string& name) {
  static const auto by_name = operators_by_name();
  const auto found = by_name.find(name);
  return found == by_name.end() ? nullptr : found->second;
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
  const Shape of_all = op.shape(model, node);
  for (int i = 0; i < static_cast<int>(node.outputs.size()); ++i) {
    const Shape shape = op.part_shape ? op.part_shape(model, node, i) : of_all;
    if (shape != model.output(node, i).shape)
      wrong.push_back(fmt::format("its output should be {}, and the file says {}", text_of(shape),
                                  text_of(model.output(node, i).shape)));
  }
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
  if (op.starts_with("hashtable"))
    return "look up what the table holds before the model and after it: give the model numbers, and take numbers";
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
