// What each channel of a network can be, whatever goes in: interval analysis in the very integers that the chip
// computes with. A channel whose least value is its greatest is the same for every input; a clamp that lies outside can
// go.
#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// All that a channel can be at any place: from `least` to `most`, both included.
struct ChannelRange {
  std::int32_t least = -128, most = 127;
  bool is_constant() const { return least == most; }
  bool operator==(const ChannelRange&) const = default;
};

/// Per tensor and channel, which is an index along the last dimension. No channels: the tensor is not int8, or has more
/// channels than are looked at.
using ChannelRanges = std::vector<std::vector<ChannelRange>>;

/// Every value that the references compute lies within. Not every value within is reached: each channel is taken as
/// independent of the others. The model must have passed check_supported.
ChannelRanges channel_ranges(const Model& model);

/// Which ends of a node's clamp (its fused activation, and the ends of int8) can act on what it has rescaled.
struct ClampUse {
  bool min = true, max = true;
  bool operator==(const ClampUse&) const = default;
};

/// Of conv_2d, depthwise_conv_2d and fully_connected of int8; of all others both ends are said to act.
ClampUse clamp_use(const Model& model, const Node& node, const ChannelRanges& ranges);

/// Attributes that the pass mark_idle_clamps gives to a node: that end of its clamp never acts.
inline constexpr const char* never_below_min = "never_below_min";
inline constexpr const char* never_above_max = "never_above_max";
[[nodiscard]] Model mark_idle_clamps(const Model& model);

}  // namespace dragonet
