#include "ops/output_estimates.h"

#include <algorithm>
#include <cmath>

#include "ops/quantized.h"

namespace dragonet {
namespace {

constexpr int bits = 23;
constexpr double one = 1 << bits;

/// What the specification makes of a channel's sums, which reach from `least` to `most`.
struct Staircase {
  Multiplier factor;
  std::int64_t bias;
  std::int32_t zero_point;
  std::int64_t least, most;

  double real_factor() const { return std::ldexp(factor.multiplier, factor.shift - 31); }
  std::int32_t at(std::int64_t sum) const {
    return std::clamp(rescale(static_cast<std::int32_t>(sum + bias), factor) + zero_point, -128, 127);
  }
  int first() const { return at(least); }
  int last() const { return at(most); }
  /// Of the sums that give q, one in the middle.
  std::int64_t middle_of(int q) const { return std::llround((q - zero_point) / real_factor()) - bias; }
  /// The least sum that gives q or more; first() < q <= last().
  std::int64_t edge(int q) const {
    std::int64_t below = least, above = most;
    while (above - below > 1) {
      const std::int64_t middle = below + (above - below) / 2;
      (at(middle) >= q ? above : below) = middle;
    }
    return above;
  }
};

std::vector<std::int64_t> edges_of(const Staircase& stairs) {
  std::vector<std::int64_t> edges;
  for (int q = stairs.first() + 1; q <= stairs.last(); ++q) edges.push_back(stairs.edge(q));
  return edges;
}

/// Below the one the output is -128, above the other 127: the middle of the outermost steps, if there are two and sums
/// can leave them.
std::pair<std::int64_t, std::int64_t> ends_of(const Staircase& stairs) {
  if (stairs.first() == stairs.last()) return {INT32_MIN, INT32_MAX};
  const std::int64_t low = std::max(stairs.least, stairs.middle_of(-128));
  const std::int64_t high = std::min(stairs.most, stairs.middle_of(127));
  const bool has_low = stairs.first() == -128 && stairs.at(low) == -128;
  const bool has_high = stairs.last() == 127 && stairs.at(high) == 127;
  return {has_low ? low : INT32_MIN, has_high ? high : INT32_MAX};
}

struct Line {
  int shift;
  std::int64_t multiplier, offset;
  std::int64_t at(std::int64_t sum) const { return (sum >> shift) * multiplier + offset; }
};

/// How far a line lies on the wrong side of the edges, and of the steps beyond the outermost two, upwards and
/// downwards: elsewhere it lies between these, since it only rises.
struct Errors {
  std::int64_t above = 0, below = 0;
};

Errors errors_of(const Line& line, const Staircase& stairs, const std::vector<std::int64_t>& edges) {
  const auto step = [](std::int64_t q) { return q << bits; };
  Errors errors;
  std::int64_t q = stairs.first();
  for (const std::int64_t edge : edges) {
    ++q;
    errors.below = std::max(errors.below, step(q) - line.at(edge));
    errors.above = std::max(errors.above, line.at(edge - 1) - step(q) + 1);
  }
  const auto [low, high] = ends_of(stairs);
  errors.below = std::max(errors.below, step(stairs.first()) - line.at(std::max(stairs.least, low)));
  errors.above = std::max(errors.above, line.at(std::min(stairs.most, high)) - step(stairs.last() + 1) + 1);
  return errors;
}

/// The line whose errors are alike in both directions, and how large they are.
std::pair<Line, std::int64_t> best_line(const Staircase& stairs, const std::vector<std::int64_t>& edges, int shift) {
  if (edges.empty()) return {{shift, 0, (static_cast<std::int64_t>(stairs.first()) << bits) + (1 << (bits - 1))}, 0};
  const double slope = stairs.real_factor() * one, middle = (stairs.first() + stairs.last()) / 2.0;
  const double sum = (middle - stairs.zero_point) / stairs.real_factor() - static_cast<double>(stairs.bias);
  Line line{shift, std::llround(std::ldexp(slope, shift)), 0};
  line.offset = std::llround((middle + 0.5) * one - std::ldexp(sum, -shift) * static_cast<double>(line.multiplier));
  const Errors errors = errors_of(line, stairs, edges);
  line.offset += (errors.below - errors.above) / 2;
  const Errors centred = errors_of(line, stairs, edges);
  return {line, std::max(centred.above, centred.below)};
}

/// The sums of products that int8 values can make.
std::vector<std::pair<std::int64_t, std::int64_t>> reaches(const Model& model, const Node& node, int channels,
                                                           int axis) {
  const auto weights = values<std::int8_t>(weights_of(model, node));
  const std::size_t per_channel = weights.size() / channels;
  std::vector<std::pair<std::int64_t, std::int64_t>> all(channels);
  for (std::size_t i = 0; i < weights.size(); ++i) {
    auto& [least, most] = all[axis == 0 ? i / per_channel : i % channels];
    least += std::min(-128 * weights[i], 127 * weights[i]);
    most += std::max(-128 * weights[i], 127 * weights[i]);
  }
  return all;
}

std::vector<Staircase> staircases(const Model& model, const Node& node, int channels, int axis) {
  const Tensor& output = model.output(node);
  const auto multipliers = channel_multipliers(model, node, channels);
  const auto bias = folded_bias(model, node, channels, axis);
  const auto reach = reaches(model, node, channels, axis);
  std::vector<Staircase> all;
  for (int c = 0; c < channels; ++c)
    all.push_back({multipliers[c], bias[c], output.quantization.zero_point[0], reach[c].first, reach[c].second});
  return all;
}

std::int32_t low_half(std::int64_t value) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(value)); }

ChannelEstimate estimate_of(const Staircase& stairs, const Line& line, std::int64_t doubt) {
  const auto [low, high] = ends_of(stairs);
  return {static_cast<std::int32_t>(low), static_cast<std::int32_t>(high), low_half(line.multiplier),
          low_half(line.offset + doubt)};
}

/// A factor that takes one sum over several outputs, or whose line leaves 32 bits, is left to the plain way.
bool can_be_estimated(const Staircase& stairs) {
  return stairs.first() == stairs.last() || (stairs.real_factor() < 0.5 && stairs.real_factor() > 1e-9);
}

Estimates estimates_with(const std::vector<Staircase>& all, const std::vector<std::vector<std::int64_t>>& edges,
                         int shift) {
  std::vector<Line> lines;
  std::int64_t doubt = 0;
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto [line, error] = best_line(all[c], edges[c], shift);
    lines.push_back(line);
    doubt = std::max(doubt, error + 1);
  }
  Estimates found{.shift = shift};
  found.doubt = static_cast<std::uint32_t>(std::min<std::int64_t>(2 * doubt, (1 << bits) - 1)) << (32 - bits);
  for (std::size_t c = 0; c < all.size(); ++c) found.channels.push_back(estimate_of(all[c], lines[c], doubt));
  return found;
}

std::optional<Estimates> best_estimates(const std::vector<Staircase>& all) {
  constexpr int most_shift = 16;
  if (!std::ranges::all_of(all, can_be_estimated)) return std::nullopt;
  std::vector<std::vector<std::int64_t>> edges;
  for (const Staircase& stairs : all) edges.push_back(edges_of(stairs));
  Estimates best{.doubt = UINT32_MAX};
  for (int shift = 0; shift <= most_shift; ++shift)
    if (const Estimates found = estimates_with(all, edges, shift); found.doubt < best.doubt) best = found;
  if (best.doubtful_share() > 0.5) return std::nullopt;
  return best;
}

}  // namespace

std::optional<Estimates> find_estimates(const Model& model, const Node& node, int channels, int axis) {
  return best_estimates(staircases(model, node, channels, axis));
}

std::optional<Estimates> find_estimate(Multiplier factor, std::int32_t zero_point, std::int64_t least,
                                       std::int64_t most) {
  return best_estimates({{factor, 0, zero_point, least, most}});
}

std::string estimate_text(const ChannelEstimate& e) {
  return fmt::format("{{{},{},{},{}}}", int32_text(e.low), int32_text(e.high), int32_text(e.multiplier),
                     int32_text(e.offset));
}

Constant estimate_constant(const Estimates& estimates) {
  std::vector<std::string> rows;
  for (const ChannelEstimate& estimate : estimates.channels) rows.push_back(estimate_text(estimate));
  return {"estimates", "dragonet::Estimate", comma_separated(rows), estimates.channels.size() * 16};
}

std::string estimate_numbers(const Model& model, const Node& node, const Estimates& estimates, const char* array) {
  return fmt::format("{{{}, {}, {}u, {}}}", channel_numbers(model, node), array, estimates.doubt, estimates.shift);
}

}  // namespace dragonet
