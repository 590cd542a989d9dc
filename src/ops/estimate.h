#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/emit.h"

namespace dragonet {

/// How firmware/kernels/estimate.h makes a channel's outputs from sums of products. Fields as there.
struct Estimate {
  std::int32_t low, high, multiplier, offset;
};

/// Of all channels of a node.
struct Estimates {
  std::vector<Estimate> channels;
  std::uint32_t doubt = 0;  // shifted left as the kernel compares it
  int shift = 0;

  /// Of all outputs, the share that has to be worked out exactly, if they lie anywhere with the same chance.
  double doubtful_share() const { return doubt / 0x1p32; }
};

/// None where no estimate is good for more than half of the outputs.
///   bias         with the input's zero point folded in
///   multipliers  [channels], or one for all
std::optional<Estimates> find_estimates(const Model& model, const Node& node, const std::vector<std::int64_t>& bias);

/// The array $_estimates, and the initialiser of the kernels' EstimatedChannels, which names it and those of
/// channel_constants.
Constant estimate_constant(const Estimates& estimates);
std::string estimate_numbers(const Model& model, const Node& node, const Estimates& estimates);

}  // namespace dragonet
