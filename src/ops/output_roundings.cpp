#include "ops/output_roundings.h"

#include <cstdlib>

namespace dragonet {
namespace {

constexpr std::int64_t most_sum = (std::int64_t{1} << 30) - 1;
constexpr int most_shift = 22;  // so that the zero point fits in front of it

}  // namespace

std::vector<std::int64_t> most_sums(std::span<const std::int8_t> weights, int channels, int axis) {
  const std::size_t per_channel = weights.size() / channels;
  std::vector<std::int64_t> all(channels);
  for (std::size_t i = 0; i < weights.size(); ++i)
    all[axis == 0 ? i / per_channel : i % channels] += 128 * std::abs(std::int64_t{weights[i]});
  return all;
}

std::optional<ChannelRounding> find_rounding(Multiplier factor, std::int32_t zero_point, std::int64_t bias,
                                             std::int64_t most) {
  const int shift = -factor.shift;
  if (shift < 1 || shift > most_shift || most + std::abs(bias) > most_sum) return std::nullopt;
  const std::int32_t half = 1 << (shift - 1);
  return ChannelRounding{static_cast<std::int32_t>(bias), factor.multiplier, zero_point * (1 << shift) + half, shift};
}

std::optional<std::vector<ChannelRounding>> find_roundings(const Model& model, const Node& node, int channels,
                                                           int axis) {
  const auto multipliers = channel_multipliers(model, node, channels);
  const auto bias = folded_bias(model, node, channels, axis);
  const auto most = most_sums(values<std::int8_t>(weights_of(model, node)), channels, axis);
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  std::vector<ChannelRounding> all;
  for (int c = 0; c < channels; ++c) {
    const auto rounding = find_rounding(multipliers[c], zero_point, bias[c], most[c]);
    if (!rounding) return std::nullopt;
    all.push_back(*rounding);
  }
  return all;
}

Constant rounding_constant(const std::vector<ChannelRounding>& roundings) {
  std::vector<std::string> rows;
  for (const ChannelRounding& r : roundings)
    rows.push_back(fmt::format("{{{},{},{},{}}}", int32_text(r.bias), r.multiplier, int32_text(r.offset), r.shift));
  return {"roundings", "dragonet::Rounding", comma_separated(rows), rows.size() * 16};
}

bool is_rectified(const Model& model, const Node& node) {
  const Tensor& output = model.output(node);
  return activation_range(node, output).min >= output.quantization.zero_point[0];
}

std::string rounding_numbers(const Model& model, const Node& node) {
  const auto [min, max] = activation_range(node, model.output(node));
  return fmt::format("{{$_roundings, {}, {}}}", min, max);
}

}  // namespace dragonet
