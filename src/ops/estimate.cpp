#include "ops/estimate.h"

#include <algorithm>
#include <cmath>

#include "ops/quantized.h"

namespace dragonet {
namespace {

constexpr int bits = 23;
constexpr double one = 1 << bits;

/// What the specification makes of a channel's sums.
struct Staircase {
  Multiplier factor;
  std::int64_t bias;
  std::int32_t zero_point, min, max;

  double real_factor() const { return std::ldexp(factor.multiplier, factor.shift - 31); }
  std::int32_t at(std::int64_t sum) const {
    return std::clamp(rescale(static_cast<std::int32_t>(sum + bias), factor) + zero_point, min, max);
  }
  /// Of a sum, in the middle of the step of output q.
  std::int64_t middle_of(int q) const { return std::llround((q - zero_point) / real_factor()) - bias; }
  /// The least sum that gives output q or more; min < q <= max.
  std::int64_t edge(int q) const {
    std::int64_t below = middle_of(q - 1), above = middle_of(q);
    while (at(below) >= q) --below;
    while (at(above) < q) ++above;
    while (above - below > 1) {
      const std::int64_t middle = below + (above - below) / 2;
      (at(middle) >= q ? above : below) = middle;
    }
    return above;
  }
};

/// How far a line lies on the wrong side of the edges, upwards and downwards.
struct Errors {
  std::int64_t above = 0, below = 0;
};

struct Line {
  int shift;
  std::int64_t multiplier, offset;
  std::int64_t at(std::int64_t sum) const { return (sum >> shift) * multiplier + offset; }
};

Errors errors_of(const Line& line, const Staircase& stairs, const std::vector<std::int64_t>& edges) {
  Errors errors;
  for (std::size_t i = 0; i < edges.size(); ++i) {
    const std::int64_t step = (stairs.min + 1 + static_cast<std::int64_t>(i)) << bits;
    errors.below = std::max(errors.below, step - line.at(edges[i]));
    errors.above = std::max(errors.above, line.at(edges[i] - 1) - step + 1);
  }
  return errors;
}

/// The line whose errors are alike in both directions, and how large they are.
std::pair<Line, std::int64_t> best_line(const Staircase& stairs, const std::vector<std::int64_t>& edges, int shift) {
  const double slope = stairs.real_factor() * one;
  Line line{shift, std::llround(std::ldexp(slope, shift)), 0};
  const double middle = static_cast<double>(stairs.min + stairs.max) / 2;
  const double sum = (middle - stairs.zero_point) / stairs.real_factor() - static_cast<double>(stairs.bias);
  line.offset = std::llround((middle + 0.5) * one - std::ldexp(sum, -shift) * static_cast<double>(line.multiplier));
  const Errors errors = errors_of(line, stairs, edges);
  line.offset += (errors.below - errors.above) / 2;
  const Errors centred = errors_of(line, stairs, edges);
  return {line, std::max(centred.above, centred.below)};
}

bool fits(std::int64_t value) { return value >= INT32_MIN && value <= INT32_MAX; }

std::vector<Staircase> staircases(const Model& model, const Node& node, const std::vector<std::int64_t>& bias) {
  const Tensor& output = model.output(node);
  const auto [min, max] = activation_range(node, output);
  const auto multipliers = channel_multipliers(model, node, static_cast<int>(bias.size()));
  std::vector<Staircase> all;
  for (std::size_t c = 0; c < bias.size(); ++c)
    all.push_back({multipliers[c], bias[c], output.quantization.zero_point[0], min, max});
  return all;
}

/// Sums whose shifted products 32 bits hold; a factor that steps over outputs, or of nothing, is left to the plain way.
bool can_be_estimated(const Staircase& stairs) {
  const auto fit = [&](int q) {
    const std::int64_t sum = stairs.middle_of(q);
    return fits(2 * sum) && fits(2 * (sum + stairs.bias));
  };
  const double factor = stairs.real_factor();
  return factor > 1e-7 && factor < 0.5 && stairs.min < stairs.max && fit(stairs.min) && fit(stairs.max);
}

std::vector<std::int64_t> edges_of(const Staircase& stairs) {
  std::vector<std::int64_t> edges;
  for (int q = stairs.min + 1; q <= stairs.max; ++q) edges.push_back(stairs.edge(q));
  return edges;
}

Estimates estimates_with(const std::vector<Staircase>& all, const std::vector<std::vector<std::int64_t>>& edges,
                         int shift) {
  Estimates found{.shift = shift};
  std::vector<Line> lines;
  std::int64_t doubt = 0;
  for (std::size_t c = 0; c < all.size(); ++c) {
    const auto [line, error] = best_line(all[c], edges[c], shift);
    lines.push_back(line);
    doubt = std::max(doubt, error + 1);
  }
  for (std::size_t c = 0; c < all.size(); ++c)
    found.channels.push_back({static_cast<std::int32_t>(all[c].middle_of(all[c].min)),
                              static_cast<std::int32_t>(all[c].middle_of(all[c].max)),
                              static_cast<std::int32_t>(static_cast<std::uint32_t>(lines[c].multiplier)),
                              static_cast<std::int32_t>(static_cast<std::uint32_t>(lines[c].offset + doubt))});
  found.doubt = static_cast<std::uint32_t>(std::min<std::int64_t>(2 * doubt, (1 << bits) - 1)) << (32 - bits);
  return found;
}

}  // namespace

std::optional<Estimates> find_estimates(const Model& model, const Node& node, const std::vector<std::int64_t>& bias) {
  const std::vector<Staircase> all = staircases(model, node, bias);
  if (!std::ranges::all_of(all, can_be_estimated)) return std::nullopt;
  std::vector<std::vector<std::int64_t>> edges;
  for (const Staircase& stairs : all) edges.push_back(edges_of(stairs));
  Estimates best{.doubt = UINT32_MAX};
  for (int shift = 0; shift <= 10; ++shift)
    if (const Estimates found = estimates_with(all, edges, shift); found.doubt < best.doubt) best = found;
  if (best.doubtful_share() > 0.5) return std::nullopt;
  return best;
}

Constant estimate_constant(const Estimates& estimates) {
  std::vector<std::string> rows;
  for (const Estimate& e : estimates.channels)
    rows.push_back(fmt::format("{{{},{},{},{}}}", int32_text(e.low), int32_text(e.high), int32_text(e.multiplier),
                               int32_text(e.offset)));
  return {"estimates", "dragonet::Estimate", comma_separated(rows), estimates.channels.size() * 16};
}

std::string estimate_numbers(const Model& model, const Node& node, const Estimates& estimates) {
  return fmt::format("{{{}, $_estimates, {}u, {}}}", channel_numbers(model, node), estimates.doubt, estimates.shift);
}

}  // namespace dragonet
