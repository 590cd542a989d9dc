#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "ops/emit.h"
#include "ops/quantized.h"

namespace dragonet {

/// How firmware/kernels/rounding.h makes a channel's outputs from sums of products. Fields as there.
struct ChannelRounding {
  std::int32_t bias, multiplier, offset, shift;
};

/// Of all channels of an int8 node that sums products with constant weights, whose channels lie along `axis`. None
/// where a sum may be too large to be doubled, or a factor is 1/2 or more, or below 2^-23.
std::optional<std::vector<ChannelRounding>> find_roundings(const Model& model, const Node& node, int channels,
                                                           int axis);

/// The largest amounts of the sums of products that int8 values can make with each channel's weights, which lie along
/// `axis`, the first or the last.
std::vector<std::int64_t> most_sums(std::span<const std::int8_t> weights, int channels, int axis);

/// Of one sum whose amount is at most `most`.
std::optional<ChannelRounding> find_rounding(Multiplier factor, std::int32_t zero_point, std::int64_t bias,
                                             std::int64_t most);

/// Whether an activation leaves nothing below the output's zero point.
bool is_rectified(const Model& model, const Node& node);

/// The array $_roundings, and the initialiser of the kernels' RoundedChannels, which names it.
Constant rounding_constant(const std::vector<ChannelRounding>& roundings);
std::string rounding_numbers(const Model& model, const Node& node);

}  // namespace dragonet
