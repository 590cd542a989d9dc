#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ops/emit.h"
#include "ops/quantized.h"

namespace dragonet {

/// How firmware/kernels/estimate.h makes a channel's outputs, all over int8, from sums of products. Fields as there.
struct ChannelEstimate {
  std::int32_t low, high, multiplier, offset;
};

/// Of all channels of a node.
struct Estimates {
  std::vector<ChannelEstimate> channels;
  std::uint32_t doubt = 0;  // shifted left as the kernel compares it
  int shift = 0;

  /// Of all outputs, the share that has to be worked out exactly, if they lie anywhere with the same chance.
  double doubtful_share() const { return doubt / 0x1p32; }
};

/// Of an int8 node that sums products with constant weights, whose channels lie along `axis`. None where no estimate is
/// good for half of the outputs.
std::optional<Estimates> find_estimates(const Model& model, const Node& node, int channels, int axis);

/// Of sums from `least` to `most`, which times `factor` give outputs.
std::optional<Estimates> find_estimate(Multiplier factor, std::int32_t zero_point, std::int64_t least,
                                       std::int64_t most);

/// A channel's, as the kernels' Estimate is initialised.
std::string estimate_text(const ChannelEstimate& estimate);

/// The array $_estimates, and the initialiser of the kernels' EstimatedChannels, which names it and those of
/// channel_constants. array: 0 where they lie elsewhere.
Constant estimate_constant(const Estimates& estimates);
std::string estimate_numbers(const Model& model, const Node& node, const Estimates& estimates,
                             const char* array = "$_estimates");

}  // namespace dragonet
