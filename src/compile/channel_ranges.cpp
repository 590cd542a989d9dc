#include "compile/channel_ranges.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "ops/operator.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"

namespace dragonet {
namespace {

constexpr int most_channels = 1 << 16;
constexpr std::int64_t most_elements = 1 << 22;  // references are slow on purpose

int channels_of(const Tensor& tensor) { return tensor.shape.empty() ? 1 : tensor.shape.back(); }

bool is_looked_at(const Tensor& tensor) { return tensor.dtype == DType::int8 && channels_of(tensor) <= most_channels; }

using Channels = std::vector<ChannelRange>;

/// Widens the channels by the values that bytes of all places hold.
void widen_channels(std::optional<Channels>& channels, const Tensor& tensor, std::span<const std::int8_t> elements) {
  const auto count = static_cast<std::size_t>(channels_of(tensor));
  if (!channels) channels = Channels(count, {127, -128});
  for (std::size_t i = 0; i < elements.size(); ++i) {
    auto& [least, most] = (*channels)[i % count];
    least = std::min<std::int32_t>(least, elements[i]), most = std::max<std::int32_t>(most, elements[i]);
  }
}

Channels channels_in(const Tensor& constant) {
  std::optional<Channels> channels;
  widen_channels(channels, constant, values<std::int8_t>(constant));
  return *channels;
}

// --- Sums of products: each weight takes the end of its input's range that its sign asks for.

struct SumRange {
  std::int64_t least = 0, most = 0;
  SumRange operator+(const SumRange& other) const { return {least + other.least, most + other.most}; }
  SumRange operator-(const SumRange& other) const { return {least - other.least, most - other.most}; }
  SumRange& operator+=(const SumRange& other) { return *this = *this + other; }
};

SumRange products(const ChannelRange& x, std::int64_t zero_point, std::int64_t weight) {
  const std::int64_t a = (x.least - zero_point) * weight, b = (x.most - zero_point) * weight;
  return {std::min(a, b), std::max(a, b)};
}

/// The first and the last tap that lie inside the input.
using Inside = std::pair<int, int>;

/// Of all outputs along a side: windows at the border see fewer taps, and the zero point, which adds nothing, instead.
template <typename Place>
std::set<Inside> insides(int outputs, int taps, int size, Place place) {
  std::set<Inside> all;
  for (int i = 0; i < outputs; ++i) {
    Inside inside{0, -1};
    for (int k = 0; k < taps; ++k)
      if (place(i, k) >= 0 && place(i, k) < size) inside = {inside.second < 0 ? k : inside.first, k};
    all.insert(inside);
  }
  return all;
}

/// Which taps the windows of a node see, by side.
struct Borders {
  explicit Borders(const Window& w)
      : rows(insides(w.out_h, w.kernel_h, w.in_h, [&](int y, int k) { return w.in_y(y, k); })),
        columns(insides(w.out_w, w.kernel_w, w.in_w, [&](int x, int k) { return w.in_x(x, k); })) {}
  std::set<Inside> rows, columns;
};

/// What the sum can be wherever the window lies; `tap(ky, kx)`: what one place of it can add. A rectangle of taps is
/// summed from four corners of a table of the sums from the first tap on.
template <typename Tap>
SumRange over_window(const Window& w, const Borders& borders, Tap tap) {
  const int width = w.kernel_w + 1;
  std::vector<SumRange> until(static_cast<std::size_t>(w.kernel_h + 1) * width);
  for (int ky = 0; ky < w.kernel_h; ++ky)
    for (int kx = 0; kx < w.kernel_w; ++kx)
      until[(ky + 1) * width + kx + 1] =
          tap(ky, kx) + until[ky * width + kx + 1] + until[(ky + 1) * width + kx] - until[ky * width + kx];
  std::optional<SumRange> all;
  for (const auto& [top, bottom] : borders.rows)
    for (const auto& [left, right] : borders.columns) {
      const SumRange here = until[(bottom + 1) * width + right + 1] + until[top * width + left] -
                            until[top * width + right + 1] - until[(bottom + 1) * width + left];
      all = all ? SumRange{std::min(all->least, here.least), std::max(all->most, here.most)} : here;
    }
  return all.value_or(SumRange{});
}

/// What a node's sum can be, per output channel, without the bias.
class Sums {
 public:
  Sums(const Model& model, const Node& node, const Channels& in)
      : in_(in),
        shape_(model.input(node, 1).shape),
        weights_(values<std::int8_t>(model.input(node, 1))),
        zero_point_(model.input(node, 0).quantization.zero_point[0]),
        weights_zero_point_(weights_zero_point(model, node)) {
    if (shape_.size() != 4) return;
    window_ = window_of(model, node, shape_[1], shape_[2], model.output(node).shape[3]);
    borders_.emplace(window_);
  }

  SumRange conv_2d(int c) const {
    const Window& w = window_;
    const int each = shape_[3], group = c / (w.out_c / (w.in_c / each));
    return over_window(w, *borders_, [&](int ky, int kx) {
      SumRange sum;
      for (int i = 0; i < each; ++i)
        sum += product(in_[group * each + i], ((c * w.kernel_h + ky) * w.kernel_w + kx) * each + i);
      return sum;
    });
  }

  SumRange depthwise_conv_2d(int c) const {
    const Window& w = window_;
    const ChannelRange& x = in_[c / (w.out_c / w.in_c)];
    return over_window(w, *borders_, [&](int ky, int kx) { return product(x, (ky * w.kernel_w + kx) * w.out_c + c); });
  }

  SumRange fully_connected(int c) const {
    const auto channels = static_cast<int>(in_.size());
    const bool by_channel = shape_[1] % channels == 0;  // else several rows of the weights share a channel
    SumRange sum;
    for (int i = 0; i < shape_[1]; ++i) sum += product(by_channel ? in_[i % channels] : any(), c * shape_[1] + i);
    return sum;
  }

 private:
  SumRange product(const ChannelRange& x, int weight) const {
    return products(x, zero_point_, weights_[weight] - weights_zero_point_);
  }
  ChannelRange any() const {
    return {std::ranges::min(in_, {}, &ChannelRange::least).least, std::ranges::max(in_, {}, &ChannelRange::most).most};
  }

  const Channels& in_;
  const Shape& shape_;
  const std::span<const std::int8_t> weights_;
  const std::int32_t zero_point_, weights_zero_point_;
  Window window_{};                 // of convolutions,
  std::optional<Borders> borders_;  // and these
};

const std::map<std::string, SumRange (Sums::*)(int) const, std::less<>> sums_by_operator{
    {"conv_2d", &Sums::conv_2d},
    {"depthwise_conv_2d", &Sums::depthwise_conv_2d},
    {"fully_connected", &Sums::fully_connected}};

bool is_int8_sum(const Model& model, const Node& node, const ChannelRanges& ranges) {
  return sums_by_operator.contains(node.op) && !ranges[node.inputs[0]].empty() && is_looked_at(model.output(node)) &&
         model.input(node, 1).is_constant() && model.input(node, 1).dtype == DType::int8;
}

/// Before the clamp. check_supported has seen that no sum overflows; rescaling keeps the order of sums, or turns it
/// round where a scale is negative.
Channels rescaled_sums(const Model& model, const Node& node, const ChannelRanges& ranges) {
  const Sums sums(model, node, ranges[node.inputs[0]]);
  const auto sum_of = sums_by_operator.at(node.op);
  const int channels = channels_of(model.output(node));
  const auto bias = bias_values(model, node, channels);
  const auto multipliers = channel_multipliers(model, node, channels);
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  Channels rescaled;
  for (int c = 0; c < channels; ++c) {
    const auto [least, most] = (sums.*sum_of)(c);
    const auto [low, high] = std::minmax({rescale(static_cast<std::int32_t>(bias[c] + least), multipliers[c]),
                                          rescale(static_cast<std::int32_t>(bias[c] + most), multipliers[c])});
    rescaled.push_back({low + zero_point, high + zero_point});
  }
  return rescaled;
}

Channels clamped(Channels channels, const Range& range) {
  for (auto& [least, most] : channels)
    least = std::clamp(least, range.min, range.max), most = std::clamp(most, range.min, range.max);
  return channels;
}

// --- Operators that keep the order of values: larger inputs never give a smaller output. Their own reference says what
// they make of the least and of the greatest values.

enum class Monotone { rising, second_falls, at_ends };  // at_ends: of two operands, the extremes lie at their ends
const std::map<std::string, Monotone, std::less<>> monotone_operators{{"add", Monotone::rising},
                                                                      {"average_pool_2d", Monotone::rising},
                                                                      {"batch_to_space_nd", Monotone::rising},
                                                                      {"broadcast_to", Monotone::rising},
                                                                      {"concatenation", Monotone::rising},
                                                                      {"depth_to_space", Monotone::rising},
                                                                      {"expand_dims", Monotone::rising},
                                                                      {"gather", Monotone::rising},
                                                                      {"max_pool_2d", Monotone::rising},
                                                                      {"maximum", Monotone::rising},
                                                                      {"mean", Monotone::rising},
                                                                      {"minimum", Monotone::rising},
                                                                      {"mirror_pad", Monotone::rising},
                                                                      {"mul", Monotone::at_ends},
                                                                      {"pack", Monotone::rising},
                                                                      {"pad", Monotone::rising},
                                                                      {"padv2", Monotone::rising},
                                                                      {"reduce_max", Monotone::rising},
                                                                      {"reduce_min", Monotone::rising},
                                                                      {"reshape", Monotone::rising},
                                                                      {"resize_bilinear", Monotone::rising},
                                                                      {"resize_nearest_neighbor", Monotone::rising},
                                                                      {"reverse_v2", Monotone::rising},
                                                                      {"slice", Monotone::rising},
                                                                      {"space_to_batch_nd", Monotone::rising},
                                                                      {"space_to_depth", Monotone::rising},
                                                                      {"split", Monotone::rising},
                                                                      {"split_v", Monotone::rising},
                                                                      {"squeeze", Monotone::rising},
                                                                      {"strided_slice", Monotone::rising},
                                                                      {"sub", Monotone::second_falls},
                                                                      {"sum", Monotone::rising},
                                                                      {"tile", Monotone::rising},
                                                                      {"transpose", Monotone::rising},
                                                                      {"unpack", Monotone::rising}};

/// At which ends the operands are, run by run: true is `most`.
std::vector<std::pair<bool, bool>> corners(Monotone monotone) {
  if (monotone == Monotone::rising) return {{false, false}, {true, true}};
  if (monotone == Monotone::second_falls) return {{false, true}, {true, false}};
  return {{false, false}, {false, true}, {true, false}, {true, true}};
}

void fill_end(std::vector<std::uint8_t>& bytes, const Tensor& tensor, const Channels& channels, bool most) {
  bytes.resize(tensor.bytes());
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const ChannelRange& range = channels[i % channels.size()];
    bytes[i] = static_cast<std::uint8_t>(most ? range.most : range.least);
  }
}

bool can_fill(const Model& model, const Node& node, const ChannelRanges& ranges) {
  std::int64_t elements = 0;
  for (const int t : node.outputs) {
    if (!is_looked_at(model.tensors[t])) return false;
    elements += element_count(model.tensors[t].shape);
  }
  for (const int t : node.inputs) {
    if (t < 0 || model.tensors[t].is_constant()) continue;
    if (ranges[t].empty() || model.tensors[t].is_variable) return false;
    elements += element_count(model.tensors[t].shape);
  }
  return elements <= most_elements;
}

/// The node with operands of its own, tensor 0 and so on, then its outputs: one that it reads twice can then be at both
/// ends at once.
Model alone(const Model& model, const Node& node) {
  Model alone{.nodes = {node}};
  for (std::vector<int>* list : {&alone.nodes[0].inputs, &alone.nodes[0].outputs})
    for (int& t : *list) {
      if (t < 0) continue;
      alone.tensors.push_back(model.tensors[t]);
      t = static_cast<int>(alone.tensors.size()) - 1;
    }
  return alone;
}

void run_alone(const Model& alone, TensorBytes& bytes) {
  const Node& node = alone.nodes[0];
  for (const int t : node.inputs)
    if (t >= 0 && alone.tensors[t].is_constant()) bytes[t] = alone.tensors[t].data;
  for (const int t : node.outputs) bytes[t].resize(alone.tensors[t].bytes());
  find_operator(node.op)->reference(alone, node, bytes);
}

void find_monotone(const Model& model, const Node& node, Monotone monotone, ChannelRanges& ranges) {
  if (!can_fill(model, node, ranges)) return;
  const Model own = alone(model, node);
  std::vector<std::optional<Channels>> found(node.outputs.size());
  for (const auto& [first, others] : corners(monotone)) {
    TensorBytes bytes(own.tensors.size());
    for (std::size_t i = 0; i < node.inputs.size(); ++i)
      if (is_computed(model, node.inputs[i]))
        fill_end(bytes[own.nodes[0].inputs[i]], model.input(node, static_cast<int>(i)), ranges[node.inputs[i]],
                 i == 0 ? first : others);
    run_alone(own, bytes);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      const int t = own.nodes[0].outputs[i];
      widen_channels(found[i], own.tensors[t], {data_of<std::int8_t>(bytes, t), bytes[t].size()});
    }
  }
  for (std::size_t i = 0; i < node.outputs.size(); ++i) ranges[node.outputs[i]] = *found[i];
}

// --- Operators of one value: all 256 are tried.

constexpr std::string_view of_one_value[] = {
    "abs",        "ceil",        "cos",      "elu",   "exp",  "floor", "gelu",   "hard_swish",
    "leaky_relu", "log",         "logistic", "neg",   "relu", "relu6", "round",  "relu_n1_to_1",
    "quantize",   "relu_0_to_1", "sign",     "rsqrt", "sin",  "sqrt",  "square", "tanh"};

/// What the node makes of -128 to 127.
std::vector<std::int8_t> answers_of(const Model& model, const Node& node) {
  constexpr int answers = 256;
  Model own = alone(model, node);
  for (Tensor& tensor : own.tensors) tensor.shape = {1, answers};
  TensorBytes bytes(own.tensors.size());
  for (int q = -128; q < 128; ++q) bytes[0].push_back(static_cast<std::uint8_t>(q));
  run_alone(own, bytes);
  const auto* first = data_of<std::int8_t>(bytes, 1);
  return {first, first + answers};
}

void find_of_one_value(const Model& model, const Node& node, ChannelRanges& ranges) {
  if (node.inputs.size() != 1 || ranges[node.inputs[0]].empty() || !is_looked_at(model.output(node))) return;
  const std::vector<std::int8_t> answers = answers_of(model, node);
  Channels found;
  for (const auto& [least, most] : ranges[node.inputs[0]]) {
    const auto [low, high] = std::minmax_element(answers.begin() + (least + 128), answers.begin() + (most + 129));
    found.push_back({*low, *high});
  }
  ranges[node.outputs[0]] = found;
}

void find_ranges(const Model& model, const Node& node, ChannelRanges& ranges) {
  if (is_int8_sum(model, node, ranges))
    ranges[node.outputs[0]] = clamped(rescaled_sums(model, node, ranges), activation_range(node, model.output(node)));
  else if (const auto found = monotone_operators.find(node.op); found != monotone_operators.end())
    find_monotone(model, node, found->second, ranges);
  else if (std::ranges::find(of_one_value, node.op) != std::end(of_one_value))
    find_of_one_value(model, node, ranges);
}

}  // namespace

ChannelRanges channel_ranges(const Model& model) {
  ChannelRanges ranges(model.tensors.size());
  for (std::size_t t = 0; t < ranges.size(); ++t)
    if (const Tensor& tensor = model.tensors[t]; is_looked_at(tensor))
      ranges[t] = tensor.is_constant() ? channels_in(tensor) : Channels(channels_of(tensor));
  for (const Node& node : model.nodes) find_ranges(model, node, ranges);
  return ranges;
}

ClampUse clamp_use(const Model& model, const Node& node, const ChannelRanges& ranges) {
  if (!is_int8_sum(model, node, ranges)) return {};
  const Range range = activation_range(node, model.output(node));
  const Channels rescaled = rescaled_sums(model, node, ranges);
  return {.min = std::ranges::any_of(rescaled, [&](const ChannelRange& c) { return c.least < range.min; }),
          .max = std::ranges::any_of(rescaled, [&](const ChannelRange& c) { return c.most > range.max; })};
}

Model mark_idle_clamps(const Model& model) {
  Model marked = model;
  const ChannelRanges ranges = channel_ranges(model);
  for (Node& node : marked.nodes) {
    const ClampUse use = clamp_use(model, node, ranges);
    if (!use.min) node.attributes[never_below_min] = std::int64_t{1};
    if (!use.max) node.attributes[never_above_max] = std::int64_t{1};
  }
  return marked;
}

}  // namespace dragonet
