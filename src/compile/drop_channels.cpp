// Channels are removed together or not at all: a residual's sum has as many as both of its branches, a depthwise layer
// as many as its input. So channels that must go together form groups (union-find), and a group stays if one of its
// channels has to: it is part of the model's input or output, an operator that is not known here reads or makes it, or
// a layer with weights for it could not do without it exactly. Such a layer can if all of these weights are 0, or if
// the channel is a constant k: then the bias takes weight * (k - zero_point). Where its window reaches over the border
// that is exact only for k = zero_point: outside the picture lies the zero point, not the constant.
#include "compile/drop_channels.h"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <string_view>

#include "ops/operands.h"
#include "ops/operator.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"

namespace dragonet {
namespace {

int last_of(const Shape& shape) { return shape.empty() ? 1 : shape.back(); }

/// Channels of all tensors that are looked at, in groups that go or stay together.
class Groups {
 public:
  Groups(const Model& model, const ChannelRanges& ranges) : first_(model.tensors.size(), -1) {
    int count = 0;
    for (std::size_t t = 0; t < first_.size(); ++t)
      if (is_computed(model, static_cast<int>(t)) && !ranges[t].empty())
        first_[t] = count, count += static_cast<int>(ranges[t].size());
    parent_.resize(count);
    std::iota(parent_.begin(), parent_.end(), 0);
    stays_.resize(count);
  }

  bool has(int tensor) const { return tensor >= 0 && first_[tensor] >= 0; }
  bool stays(int tensor, int channel) const { return stays_[root_of(first_[tensor] + channel)]; }
  void keep(int tensor, int channel) { stays_[root_of(first_[tensor] + channel)] = true; }
  void keep_all(const Model& model, int tensor) {
    if (!has(tensor)) return;
    for (int c = 0; c < last_of(model.tensors[tensor].shape); ++c) keep(tensor, c);
  }
  void tie(int a, int a_channel, int b, int b_channel) {
    const int from = root_of(first_[a] + a_channel), to = root_of(first_[b] + b_channel);
    stays_[to] = stays_[to] || stays_[from];
    parent_[from] = to;
  }

 private:
  int root_of(int i) const {
    while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
    return i;
  }
  std::vector<int> first_;
  mutable std::vector<int> parent_;
  std::vector<bool> stays_;
};

// --- What ties channels together

enum class Kind {
  sum,        // weights between all channels of the input and all of the output
  depthwise,  // one input channel makes so many of the output
  channels,   // output channel c is made of channel c of each operand
  reduction,  // the same, unless channels are what it reduces
  joins,      // concatenation
  same_bytes  // reshape
};

constexpr std::string_view by_channel[] = {"abs",
                                           "add",
                                           "average_pool_2d",
                                           "hard_swish",
                                           "leaky_relu",
                                           "logistic",
                                           "max_pool_2d",
                                           "maximum",
                                           "minimum",
                                           "mirror_pad",
                                           "mul",
                                           "pad",
                                           "padv2",
                                           "prelu",
                                           "quantize",
                                           "relu",
                                           "relu6",
                                           "relu_0_to_1",
                                           "relu_n1_to_1",
                                           "resize_bilinear",
                                           "resize_nearest_neighbor",
                                           "squared_difference",
                                           "sub",
                                           "tanh"};
constexpr std::string_view reductions[] = {"mean", "reduce_max", "reduce_min", "sum"};

bool is_grouped(const Model& model, const Node& node) {
  return model.input(node, 1).shape[3] != model.input(node, 0).shape[3];
}

/// None: its channels stay.
std::optional<Kind> kind_of(const Model& model, const Node& node) {
  if (node.op == "conv_2d") return is_grouped(model, node) ? std::nullopt : std::optional(Kind::sum);
  if (node.op == "fully_connected") return Kind::sum;
  if (node.op == "depthwise_conv_2d") return Kind::depthwise;
  if (node.op == "concatenation") return Kind::joins;
  if (find_operator(node.op)->in_place) return Kind::same_bytes;
  if (std::ranges::find(by_channel, node.op) != std::end(by_channel)) return Kind::channels;
  if (std::ranges::find(reductions, node.op) != std::end(reductions)) return Kind::reduction;
  return std::nullopt;
}

/// Does some output see the padding?
bool sees_padding(const Window& w) {
  return w.pad_top > 0 || w.pad_left > 0 || w.in_y(w.out_h - 1, w.kernel_h - 1) >= w.in_h ||
         w.in_x(w.out_w - 1, w.kernel_w - 1) >= w.in_w;
}

/// Weights of a sum as [outputs][places][input channels]; a fully connected layer may take a channel from many places.
struct WeightsView {
  int outputs, inputs, channels;  // channels divide inputs
};

WeightsView view_of(const Model& model, const Node& node) {
  const Shape& shape = model.input(node, 1).shape;
  return {shape[0], static_cast<int>(element_count(shape) / shape[0]), last_of(model.input(node, 0).shape)};
}

bool is_unread(const Model& model, const Node& node, int channel) {
  const WeightsView view = view_of(model, node);
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const std::int32_t zero = weights_zero_point(model, node);
  for (int i = channel; i < view.outputs * view.inputs; i += view.channels)
    if (weights[i] != zero) return false;
  return true;
}

bool can_do_without(const Model& model, const Node& node, const ChannelRange& range, int channel) {
  const Shape& weights = model.input(node, 1).shape;
  const bool is_zero = range.is_constant() && range.least == model.input(node, 0).quantization.zero_point[0];
  const bool is_padded =
      weights.size() == 4 && sees_padding(window_of(model, node, weights[1], weights[2], weights[0]));
  return is_zero || (range.is_constant() && !is_padded) || is_unread(model, node, channel);
}

void keep_operands(const Model& model, const Node& node, Groups& groups) {
  for (const int t : node.inputs) groups.keep_all(model, t);
  for (const int t : node.outputs) groups.keep_all(model, t);
}

void tie_sum(const Model& model, const Node& node, const ChannelRanges& ranges, Groups& groups) {
  const int in = node.inputs[0];
  const WeightsView view = view_of(model, node);
  if (view.inputs % view.channels != 0) return groups.keep_all(model, in);
  for (int c = 0; c < view.channels; ++c)
    if (!can_do_without(model, node, ranges[in][c], c)) groups.keep(in, c);
}

void tie_depthwise(const Model& model, const Node& node, Groups& groups) {
  const int in = node.inputs[0], out = node.outputs[0];
  const int channels = last_of(model.tensors[in].shape), outputs = last_of(model.tensors[out].shape);
  if (channels == 1) return;  // it stays, being the only one, and the output may have any number
  for (int c = 0; c < outputs; ++c) groups.tie(in, c / (outputs / channels), out, c);
}

/// Has each operand the output's channels or, beside one that has, one for all of them?
bool are_side_by_side(const Model& model, const Node& node) {
  const int channels = last_of(model.output(node).shape);
  bool has_all = false;
  for (const int t : node.inputs) {
    if (t < 0 || model.tensors[t].dtype != DType::int8) continue;
    const int own = last_of(model.tensors[t].shape);
    has_all |= own == channels;
    if (own != channels && own != 1) return false;
  }
  return has_all;
}

void tie_channels(const Model& model, const Node& node, Groups& groups) {
  if (!are_side_by_side(model, node)) return keep_operands(model, node, groups);
  const int out = node.outputs[0], channels = last_of(model.tensors[out].shape);
  for (const int t : node.inputs) {
    if (!groups.has(t)) continue;
    if (last_of(model.tensors[t].shape) != channels)
      groups.keep_all(model, t);
    else
      for (int c = 0; c < channels; ++c) groups.tie(t, c, out, c);
  }
}

void tie_reduction(const Model& model, const Node& node, Groups& groups) {
  const std::size_t rank = model.input(node, 0).shape.size();
  for (const std::int64_t axis : numbers_of(model, node, 1))
    if (axis_in(axis, rank) == static_cast<int>(rank) - 1) return keep_operands(model, node, groups);
  tie_channels(model, node, groups);
}

void tie_joined(const Model& model, const Node& node, Groups& groups) {
  const auto rank = static_cast<int>(model.output(node).shape.size());
  if (*axis_in(node.integer("axis"), rank) != rank - 1) return tie_channels(model, node, groups);
  if (!std::ranges::all_of(node.inputs, [&](int t) { return groups.has(t); }))
    return keep_operands(model, node, groups);
  int before = 0;
  for (const int t : node.inputs) {
    const int channels = last_of(model.tensors[t].shape);
    for (int c = 0; c < channels; ++c) groups.tie(t, c, node.outputs[0], before + c);
    before += channels;
  }
}

/// Value i is in channel i % the number of channels of both. Where one number divides the other, those in one channel
/// of the smaller go together, and what is left has its order.
void tie_same_bytes(const Model& model, const Node& node, Groups& groups) {
  const int in = node.inputs[0], out = node.outputs[0];
  const int from = last_of(model.tensors[in].shape), to = last_of(model.tensors[out].shape);
  if (std::max(from, to) % std::min(from, to) != 0) return keep_operands(model, node, groups);
  for (int c = 0; c < std::max(from, to); ++c) groups.tie(in, c % from, out, c % to);
}

/// Can its operands have fewer channels? All that are computed must be looked at.
bool is_known(const Model& model, const Node& node, const Groups& groups) {
  const auto is_fine = [&](int t) { return !is_computed(model, t) || groups.has(t); };
  return std::ranges::all_of(node.inputs, is_fine) && groups.has(node.inputs[0]) && groups.has(node.outputs[0]) &&
         std::ranges::none_of(node.inputs, [&](int t) { return t >= 0 && model.tensors[t].is_variable; });
}

void tie_node(const Model& model, const Node& node, const ChannelRanges& ranges, Groups& groups) {
  const auto kind = kind_of(model, node);
  if (!kind || !is_known(model, node, groups)) return keep_operands(model, node, groups);
  switch (*kind) {
    case Kind::sum:
      return tie_sum(model, node, ranges, groups);
    case Kind::depthwise:
      return tie_depthwise(model, node, groups);
    case Kind::channels:
      return tie_channels(model, node, groups);
    case Kind::reduction:
      return tie_reduction(model, node, groups);
    case Kind::joins:
      return tie_joined(model, node, groups);
    case Kind::same_bytes:
      return tie_same_bytes(model, node, groups);
  }
}

int staying(const Model& model, const Groups& groups, int tensor) {
  int count = 0;
  for (int c = 0; c < last_of(model.tensors[tensor].shape); ++c) count += groups.stays(tensor, c) ? 1 : 0;
  return count;
}

/// The first ones stay where too few would.
void keep_at_least(const Model& model, Groups& groups, int tensor, int least) {
  for (int c = 0; c < last_of(model.tensors[tensor].shape) && staying(model, groups, tensor) < least; ++c)
    groups.keep(tensor, c);
}

/// The scales of a fully connected layer are multiplied otherwise where there is only one (channel_multipliers).
int least_outputs(const Model& model, const Node& node) {
  return node.op == "fully_connected" && model.input(node, 1).quantization.scale.size() > 1 ? 2 : 1;
}

Groups groups_of(const Model& model, const ChannelRanges& ranges) {
  Groups groups(model, ranges);
  for (const int t : model.inputs) groups.keep_all(model, t);
  for (const int t : model.outputs) groups.keep_all(model, t);
  for (const Node& node : model.nodes) tie_node(model, node, ranges, groups);
  for (const Node& node : model.nodes)
    for (const int t : node.outputs)
      if (groups.has(t)) keep_at_least(model, groups, t, least_outputs(model, node));
  return groups;
}

// --- Removing

using Kept = std::vector<std::vector<int>>;

/// None of constants and of what is not looked at: they lose none by themselves.
Kept kept_of(const Model& model, const Groups& groups) {
  Kept kept(model.tensors.size());
  for (int t = 0; t < static_cast<int>(kept.size()); ++t)
    for (int c = 0; groups.has(t) && c < last_of(model.tensors[t].shape); ++c)
      if (groups.stays(t, c)) kept[t].push_back(c);
  return kept;
}

bool lost_some(const Model& model, const Kept& kept, int tensor) {
  return tensor >= 0 && !kept[tensor].empty() &&
         static_cast<int>(kept[tensor].size()) < last_of(model.tensors[tensor].shape);
}

template <typename T>
std::vector<T> taken(const std::vector<T>& all, const std::vector<int>& kept) {
  std::vector<T> some;
  for (const int i : kept) some.push_back(all[i]);
  return some;
}

/// Along one dimension of a constant only the places that are kept; its scales too, if it has one for each.
void keep_places(Tensor& tensor, std::size_t dimension, const std::vector<int>& kept) {
  const std::size_t size = size_of(tensor.dtype), side = tensor.shape[dimension];
  const std::size_t inner = std::accumulate(tensor.shape.begin() + static_cast<std::ptrdiff_t>(dimension) + 1,
                                            tensor.shape.end(), size, std::multiplies<>());
  std::vector<std::uint8_t> data;
  for (std::size_t at = 0; at < tensor.data.size(); at += side * inner)
    for (const int place : kept) {
      const auto first = tensor.data.begin() + static_cast<std::ptrdiff_t>(at + place * inner);
      data.insert(data.end(), first, first + static_cast<std::ptrdiff_t>(inner));
    }
  tensor.data = data;
  tensor.shape[dimension] = static_cast<int>(kept.size());
  auto& [scale, zero_point, axis] = tensor.quantization;
  if (axis != static_cast<int>(dimension) || scale.size() != side || side == 1) return;
  scale = taken(scale, kept);
  if (zero_point.size() == side) zero_point = taken(zero_point, kept);
}

/// A copy, since other nodes may read the same one.
void replace_input(Model& model, Node& node, std::size_t operand, Tensor tensor) {
  if (node.inputs.size() <= operand) node.inputs.resize(operand + 1, -1);
  node.inputs[operand] = static_cast<int>(model.tensors.size());
  model.tensors.push_back(std::move(tensor));
}

/// Weight by weight what the channels that go add to each sum. It cannot overflow: check_supported has seen that |bias|
/// and 255 times all |weight| fit in 32 bits together.
Tensor folded_bias(const Model& model, const Node& node, const ChannelRanges& ranges, const Kept& kept) {
  const WeightsView view = view_of(model, node);
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const std::int32_t zero_point = model.input(node, 0).quantization.zero_point[0];
  std::vector<std::int64_t> bias = bias_values(model, node, view.outputs);
  for (int c = 0; c < view.channels; ++c) {
    const int in = node.inputs[0];
    if (std::ranges::binary_search(kept[in], c) || is_unread(model, node, c)) continue;
    const std::int64_t steps = ranges[in][c].least - zero_point;
    for (int i = c; i < view.outputs * view.inputs; i += view.channels)
      bias[i / view.inputs] += steps * (weights[i] - weights_zero_point(model, node));
  }
  assert(std::ranges::all_of(bias, [](std::int64_t b) { return b == static_cast<std::int32_t>(b); }));
  Tensor tensor{.name = model.output(node).name + "/bias", .dtype = DType::int32, .shape = {view.outputs}};
  if (model.has_input(node, 2)) tensor = model.input(node, 2);
  tensor.shape = {view.outputs};
  set_values<std::int32_t>(tensor, std::vector<std::int32_t>(bias.begin(), bias.end()));
  return tensor;
}

/// Where the weights take the kept channels from, place by place.
std::vector<int> kept_columns(int columns, int channels, const std::vector<int>& kept) {
  std::vector<int> all;
  for (int first = 0; first < columns; first += channels)
    for (const int c : kept) all.push_back(first + c);
  return all;
}

constexpr std::size_t weights_operand = 1, bias_operand = 2;

/// `node` is of the result; the model is as it was before.
void shrink_sum(const Model& model, Model& result, Node& node, const ChannelRanges& ranges, const Kept& kept) {
  const Node before = node;
  const int in = node.inputs[0], out = node.outputs[0];
  if (lost_some(model, kept, in) || (lost_some(model, kept, out) && model.has_input(node, bias_operand))) {
    Tensor bias = folded_bias(model, before, ranges, kept);
    keep_places(bias, 0, kept[out]);
    replace_input(result, node, bias_operand, bias);
  }
  Tensor weights = model.input(before, weights_operand);
  const std::size_t last = weights.shape.size() - 1;
  keep_places(weights, last, kept_columns(weights.shape[last], last_of(model.tensors[in].shape), kept[in]));
  keep_places(weights, 0, kept[out]);
  replace_input(result, node, weights_operand, weights);
}

void shrink_depthwise(const Model& model, Model& result, Node& node, const Kept& kept) {
  const Node before = node;
  const int in = node.inputs[0], out = node.outputs[0];
  for (const std::size_t operand : {weights_operand, bias_operand})
    if (model.has_input(before, static_cast<int>(operand))) {
      Tensor tensor = model.input(before, static_cast<int>(operand));
      if (operand == bias_operand) tensor.shape = {last_of(model.tensors[out].shape)};
      keep_places(tensor, tensor.shape.size() - 1, kept[out]);
      replace_input(result, node, operand, tensor);
    }
  if (node.attributes.contains("depth_multiplier"))
    node.attributes["depth_multiplier"] = static_cast<std::int64_t>(kept[out].size() / kept[in].size());
}

/// Constants beside the computed operands have their channels, or one for all.
void shrink_operands(const Model& model, Model& result, Node& node, const Kept& kept) {
  const int out = node.outputs[0];
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    if (!model.has_input(node, static_cast<int>(i))) continue;
    const Tensor& operand = model.input(node, static_cast<int>(i));
    if (!operand.is_constant() || operand.dtype != DType::int8 || operand.shape.empty()) continue;
    if (operand.shape.back() != last_of(model.tensors[out].shape)) continue;
    Tensor some = operand;
    keep_places(some, some.shape.size() - 1, kept[out]);
    replace_input(result, node, i, some);
  }
}

/// Its shape is its output's; what the file says of it no longer holds.
void shrink_reshape(Node& node) {
  if (node.op == "reshape") node.inputs.resize(1), node.attributes.erase("new_shape");
}

void shrink_node(const Model& model, Model& result, Node& node, const ChannelRanges& ranges, const Kept& kept) {
  const auto lost = [&](int t) { return lost_some(model, kept, t); };
  if (std::ranges::none_of(node.inputs, lost) && std::ranges::none_of(node.outputs, lost)) return;
  switch (*kind_of(model, node)) {
    case Kind::sum:
      return shrink_sum(model, result, node, ranges, kept);
    case Kind::depthwise:
      return shrink_depthwise(model, result, node, kept);
    case Kind::channels:
    case Kind::joins:
      return shrink_operands(model, result, node, kept);
    case Kind::reduction:
      return;
    case Kind::same_bytes:
      return shrink_reshape(node);
  }
}

void shrink_tensors(Model& model, const Kept& kept) {
  for (std::size_t t = 0; t < kept.size(); ++t)
    if (lost_some(model, kept, static_cast<int>(t))) model.tensors[t].shape.back() = static_cast<int>(kept[t].size());
}

LiveModel without_some(const Model& model) {
  const ChannelRanges ranges = channel_ranges(model);
  const Kept kept = kept_of(model, groups_of(model, ranges));
  Model result = model;
  for (Node& node : result.nodes) shrink_node(model, result, node, ranges, kept);
  shrink_tensors(result, kept);
  return {result, kept};
}

}  // namespace

/// What goes may leave others unread, so again until nothing does.
LiveModel without_dead_channels(const Model& model) {
  LiveModel live = without_some(model);
  for (bool changed = true; changed;) {
    const LiveModel next = without_some(live.model);
    changed = false;
    for (std::size_t t = 0; t < live.kept.size(); ++t) {
      changed |= next.kept[t].size() < live.kept[t].size();
      live.kept[t] = taken(live.kept[t], next.kept[t]);
    }
    live.model = changed ? next.model : live.model;
  }
  return live;
}

Model drop_channels(const Model& model) { return without_dead_channels(model).model; }

std::optional<std::vector<std::uint8_t>> with_dropped_channels(const Model& model, const LiveModel& live, int tensor,
                                                               const std::vector<std::uint8_t>& bytes) {
  if (!lost_some(model, live.kept, tensor)) return bytes;
  const auto ranges = channel_ranges(model)[tensor];
  const std::vector<int>& kept = live.kept[tensor];
  std::vector<std::uint8_t> all;
  for (std::size_t i = 0; i < bytes.size();)
    for (int c = 0; c < static_cast<int>(ranges.size()); ++c) {
      if (std::ranges::binary_search(kept, c)) {
        all.push_back(bytes[i++]);
      } else if (ranges[c].is_constant()) {
        all.push_back(static_cast<std::uint8_t>(ranges[c].least));
      } else {
        return std::nullopt;
      }
    }
  return all;
}

}  // namespace dragonet
