// Weights and biases of B beside those of A, as reals. A conversion rounds each to its step, so it lies within half a
// step; what does not is looked at more closely: is it a few of them, a factor, or another order of channels?
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <optional>

#include "judge/finding.h"
#include "judge/text.h"
#include "model/codec.h"
#include "ops/operator.h"

namespace dragonet {
namespace {

/// A constant operand of a layer, in both models.
struct Pair {
  const SideBySide& both;
  const Place& place;
  const Tensor &in_a, &in_b;
  Reals a, b;
  std::vector<bool> is_off;  // lies further away than rounding takes it
  int axis;                  // of the output channels
  std::size_t channels() const { return static_cast<std::size_t>(in_b.shape[axis]); }
  std::size_t off_count() const { return std::ranges::count(is_off, true); }
};

/// Of rounding to nearest in either model; of equal grids none is left.
double tolerance_at(const Tensor& a, const Tensor& b, std::size_t i) {
  if (a.dtype == b.dtype && a.quantization.scale == b.quantization.scale) return 0;
  return 0.55 * (step_at(a, i) + step_at(b, i));
}

int channel_axis(const Node& node, const Tensor& constant) {
  const Operator* op = find_operator(node.op);
  const int last = static_cast<int>(constant.shape.size()) - 1;
  if (constant.quantization.scale.size() > 1) return constant.quantization.axis;
  if (op && op->quantization.per_channel_axis >= 0) return std::min(op->quantization.per_channel_axis, last);
  return 0;
}

std::optional<Pair> pair_of(const SideBySide& both, const Place& place, int operand) {
  const Node &node_a = both.a.nodes[place.node_a], &node_b = both.b.nodes[place.node_b];
  if (!both.a.has_input(node_a, operand) || !both.b.has_input(node_b, operand)) return std::nullopt;
  const Tensor &a = both.a.input(node_a, operand), &b = both.b.input(node_b, operand);
  if (!a.is_constant() || !b.is_constant() || a.shape != b.shape || a.shape.empty()) return std::nullopt;
  Pair pair{both, place, a, b, reals_of(a), reals_of(b), {}, channel_axis(node_b, b)};
  for (std::size_t i = 0; i < pair.a.size(); ++i) {
    const double slack = 1e-5 * std::max(std::abs(pair.a[i]), std::abs(pair.b[i]));  // scales are floats
    pair.is_off.push_back(std::abs(pair.a[i] - pair.b[i]) > tolerance_at(a, b, i) + slack);
  }
  return pair;
}

/// The values of a constant at one index along an axis, in order.
Reals slice(const Reals& values, const Shape& shape, int axis, std::size_t index) {
  Reals found;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (index_along(shape, axis, i) == index) found.push_back(values[i]);
  return found;
}

double product(const Reals& a, const Reals& b) { return std::inner_product(a.begin(), a.end(), b.begin(), 0.0); }

double cosine(const Reals& a, const Reals& b) {
  const double lengths = std::sqrt(product(a, a) * product(b, b));
  return lengths > 0 ? product(a, b) / lengths : 0;
}

/// For each slice of B along the axis the slice of A that it is most like. Empty unless B's slices are A's in another
/// order, nearly to rounding.
std::vector<std::size_t> order_along(const Pair& pair, int axis) {
  constexpr double alike = 0.98;
  const auto count = static_cast<std::size_t>(pair.in_b.shape[axis]);
  if (count < 2 || pair.a.size() / count < 3) return {};  // too few values to know a slice by
  std::vector<Reals> slices;
  for (std::size_t i = 0; i < count; ++i) slices.push_back(slice(pair.a, pair.in_a.shape, axis, i));
  std::vector<std::size_t> order(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Reals own = slice(pair.b, pair.in_b.shape, axis, i);
    std::vector<double> likeness;
    for (const Reals& other : slices) likeness.push_back(cosine(own, other));
    order[i] = likeness[i] > alike ? i : std::ranges::max_element(likeness) - likeness.begin();
    if (likeness[order[i]] < alike && product(own, own) > 0) return {};
  }
  std::vector<std::size_t> sorted = order;
  std::ranges::sort(sorted);
  if (std::ranges::is_sorted(order) || std::ranges::adjacent_find(sorted) != sorted.end()) return {};
  return order;
}

/// "2 as 1, 1 as 2"
std::string order_text(const std::vector<std::size_t>& order) {
  std::vector<std::string> moved;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (order[i] != i) moved.push_back(fmt::format("{} holds {}", i, order[i]));
  if (moved.size() > 6) moved.resize(6), moved.emplace_back("...");
  return fmt::format("{}", fmt::join(moved, ", "));
}

std::optional<Finding> find_order(const Pair& pair) {
  const int last = static_cast<int>(pair.in_b.shape.size()) - 1;
  for (const int axis : {pair.axis, last}) {
    const std::vector<std::size_t> order = order_along(pair, axis);
    if (order.empty()) continue;
    return Finding{.cause = Cause::channel_order,
                   .what = fmt::format("the {} channels of its weights are in another order: {}",
                                       axis == pair.axis ? "output" : "input", order_text(order)),
                   .next = "convert it anew, or put them back in order"};
  }
  return std::nullopt;
}

/// B's slice as a multiple of A's, if it is one but for rounding.
std::optional<double> factor_of(const Reals& a, const Reals& b) {
  if (a.size() < 3 || std::abs(cosine(a, b)) < 0.999) return std::nullopt;
  return product(a, b) / product(a, a);
}

std::optional<Finding> find_factor(const Pair& pair, const char* what) {
  std::vector<double> factors;
  std::vector<std::size_t> channels;
  for (std::size_t c = 0; c < pair.channels(); ++c) {
    const Reals a = slice(pair.a, pair.in_a.shape, pair.axis, c), b = slice(pair.b, pair.in_b.shape, pair.axis, c);
    const auto factor = factor_of(a, b);
    if (!factor || std::abs(*factor - 1) < 0.02) continue;
    factors.push_back(*factor);
    channels.push_back(c);
  }
  if (channels.empty()) return std::nullopt;
  const bool is_sign = std::ranges::all_of(factors, [](double factor) { return std::abs(factor + 1) < 0.02; });
  const std::string which = channels.size() == pair.channels() ? "of all channels"
                            : channels.size() == 1
                                ? fmt::format("of channel {}", channels[0])
                                : fmt::format("of {} of {} channels", channels.size(), pair.channels());
  if (is_sign)
    return Finding{.cause = Cause::weights,
                   .what = fmt::format("the {} {} have the wrong sign", what, which),
                   .next = "take the original's, or negate them"};
  return Finding{.cause = Cause::scale,
                 .what = fmt::format("the {} {} are {:.4g} times what they should be: their scale is wrong", what,
                                     which, factors[0]),
                 .next = fmt::format("divide their scale by {:.4g}", factors[0])};
}

/// "[3, 0, 1, 2]"
std::string position_text(const Shape& shape, std::size_t i) {
  std::vector<std::size_t> position;
  for (int axis = 0; axis < static_cast<int>(shape.size()); ++axis) position.push_back(index_along(shape, axis, i));
  return fmt::format("[{}]", fmt::join(position, ", "));
}

/// What it is and what it should be, in steps of the scale where there is one.
std::pair<std::string, std::string> in_steps(const Pair& pair, std::size_t i) {
  const double step = step_at(pair.in_b, i);
  if (step <= 0) return told_apart(pair.b[i], pair.a[i], 6);
  const std::pair whole{fmt::format("{:.0f}", pair.b[i] / step), fmt::format("{:.0f}", pair.a[i] / step)};
  return whole.first == whole.second ? told_apart(pair.b[i] / step, pair.a[i] / step, 3) : whole;
}

/// What happened to one number: a bit, a sign.
std::string change_text(const Pair& pair, std::size_t i) {
  const double step = step_at(pair.in_b, i);
  if (step == 0) return "";
  const auto is = static_cast<std::int32_t>(std::lround(pair.b[i] / step));
  const auto should = static_cast<std::int32_t>(std::lround(pair.a[i] / step));
  if (is == -should) return ", its sign is wrong";
  auto changed = static_cast<std::uint32_t>(is ^ should);
  if (pair.in_b.dtype == DType::int8) changed &= 0xff;
  return std::popcount(changed) == 1 ? fmt::format(", one bit ({}) of it is wrong", std::countr_zero(changed)) : "";
}

Finding few_are_off(const Pair& pair, const char* what) {
  const std::size_t first = std::ranges::find(pair.is_off, true) - pair.is_off.begin(), count = pair.off_count();
  const Cause cause = std::string(what) == "bias" ? Cause::bias : Cause::weights;
  const auto [is, should] = in_steps(pair, first);
  return {
      .cause = cause,
      .what = fmt::format("{} of its {} {} wrong: at {} it is {} and should be {}{}",
                          count == 1 ? "one value" : fmt::format("{} values", count), what, count == 1 ? "is" : "are",
                          position_text(pair.in_b.shape, first), is, should, change_text(pair, first)),
      .next = fmt::format("take the original's {}; is the file damaged?", what)};
}

bool are_few(const Pair& pair) {
  const std::size_t count = pair.off_count();
  return count <= 2 || count * 50 <= pair.a.size();
}

std::optional<Finding> find_weight_fault(const Pair& pair) {
  if (pair.off_count() == 0) return std::nullopt;
  if (const auto order = find_order(pair)) return order;
  if (are_few(pair)) return few_are_off(pair, "weights");
  if (const auto factor = find_factor(pair, "weights")) return factor;
  return Finding{.cause = Cause::weights,
                 .what = fmt::format("{} of its {} weights are others", pair.off_count(), pair.a.size()),
                 .next = "was it trained on after the conversion, or is it another model? Convert the original anew"};
}

bool is_other_model(const Finding& finding) { return finding.what.ends_with("weights are others"); }

// --- Biases

/// The scale by which the arithmetic takes the bias, whatever its own says: the input's times the weights'.
double bias_step(const Model& model, const Node& node, std::size_t channel) {
  const auto &in = model.input(node, 0).quantization.scale, &weights = model.input(node, 1).quantization.scale;
  return in.empty() || weights.empty() ? 0 : in[0] * weights[weights.size() > 1 ? channel : 0];
}

/// A bias counts where it moves the output by a quarter of a step; a conversion may correct what is less.
std::optional<Finding> find_bias_fault(Pair pair) {
  const Tensor& output = pair.both.b.tensors[pair.place.tensor_b];
  const bool is_exact = is_same_grid(pair.in_a, pair.in_b);
  const double least = is_exact || output.quantization.scale.empty() ? 0 : 0.25 * output.quantization.scale[0];
  for (std::size_t i = 0; i < pair.a.size(); ++i)
    pair.is_off[i] = pair.is_off[i] && std::abs(pair.a[i] - pair.b[i]) > least;
  if (pair.off_count() == 0) return std::nullopt;
  Finding finding = few_are_off(pair, "bias");
  finding.cause = Cause::bias;
  return finding;
}

/// A bias is rounded with input scale times weight scale, and remembers that. Where it remembers another, one of the
/// two was changed afterwards. By how much, for all channels alike; none if that is not so.
std::optional<double> remembered_factor(const Model& model, const Node& node) {
  const Tensor& bias = model.input(node, 2);
  const auto& own = bias.quantization.scale;
  if (own.empty() || bias.dtype == DType::float32) return std::nullopt;
  std::optional<double> factor;
  for (std::size_t c = 0; c < own.size(); ++c) {
    const double here = own[c] / std::max(bias_step(model, node, c), 1e-300);
    if (factor && std::abs(here / *factor - 1) > 1e-3) return std::nullopt;
    factor = here;
  }
  return std::abs(*factor - 1) > 1e-3 ? factor : std::nullopt;
}

int place_of_tensor(const SideBySide& both, int tensor_b) {
  for (std::size_t i = 0; i < both.places.size(); ++i)
    if (both.places[i].tensor_b == tensor_b) return static_cast<int>(i);
  return -1;
}

std::optional<Finding> find_remembered_scale(const SideBySide& both, const Node& node) {
  if (!both.b.has_input(node, 2)) return std::nullopt;
  const auto factor = remembered_factor(both.b, node);
  const int place = place_of_tensor(both, origin_of(both.b, node.inputs[0]));
  if (!factor || place < 0) return std::nullopt;
  const double scale = both.b.input(node, 0).quantization.scale[0];
  return Finding{.place = place,
                 .cause = Cause::scale,
                 .what = fmt::format("its scale is {:.6g}, and the next layer with weights was made for {:.6g}", scale,
                                     scale * *factor),
                 .next = fmt::format("set its scale to {:.6g}, or convert the model anew", scale * *factor)};
}

bool is_int32_operand(const Tensor& tensor) {
  return tensor.dtype == DType::int32 && tensor.quantization.scale.empty();
}

/// Other operators' constants: an addend, a slope, axes.
std::optional<Finding> find_other_constant(const Pair& pair) {
  if (pair.off_count() == 0 || is_int32_operand(pair.in_b)) return std::nullopt;
  return few_are_off(pair, "constants");
}

void look_at_place(const SideBySide& both, std::size_t i, std::vector<Finding>& found) {
  const Place& place = both.places[i];
  if (place.node_a < 0 || place.input >= 0) return;
  const Node &node_a = both.a.nodes[place.node_a], &node_b = both.b.nodes[place.node_b];
  if (node_a.op != node_b.op) return;
  const bool has_weights = find_operator(node_b.op)->quantization.has_weights;
  const auto add = [&](std::optional<Finding> finding) {
    if (!finding) return false;
    finding->place = static_cast<int>(i);
    found.push_back(*finding);
    return true;
  };
  if (!has_weights) {
    for (int operand = 0; operand < static_cast<int>(node_b.inputs.size()); ++operand)
      if (const auto pair = pair_of(both, place, operand)) add(find_other_constant(*pair));
    return;
  }
  const auto weights = pair_of(both, place, 1), bias = pair_of(both, place, 2);
  const bool are_weights_off = weights && add(find_weight_fault(*weights));
  if (bias) add(find_bias_fault(*bias));
  if (are_weights_off) return;
  if (const auto remembered = find_remembered_scale(both, node_b)) found.push_back(*remembered);
}

}  // namespace

int origin_of(const Model& model, int tensor) {
  for (const Node& node : model.nodes)
    if (node.outputs[0] == tensor && find_operator(node.op)->quantization.output_as_input)
      return origin_of(model, node.inputs[0]);
  return tensor;
}

std::vector<Finding> find_constant_faults(const SideBySide& both) {
  std::vector<Finding> found;
  for (std::size_t i = 0; i < both.places.size(); ++i) look_at_place(both, i, found);
  const auto weighted = std::ranges::count_if(
      both.b.nodes, [](const Node& node) { return find_operator(node.op)->quantization.has_weights; });
  const auto others = std::ranges::count_if(found, is_other_model);
  if (others < 2 || 2 * others <= weighted) return found;
  return {
      {.place = std::ranges::find_if(found, is_other_model)->place,
       .cause = Cause::other_model,
       .what = fmt::format("from here on the weights of {} of {} layers are others: the second model is no conversion "
                           "of the first, or was trained on since, and only their outputs can be compared",
                           others, weighted),
       .next = "convert the first model anew, or name the one that the second was made from"}};
}

}  // namespace dragonet
