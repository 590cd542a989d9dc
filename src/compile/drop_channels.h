// Channels that cannot matter are not computed: those that are the same for every input, whose products go into their
// readers' biases, and those that no reader gives any weight.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "compile/channel_ranges.h"

namespace dragonet {

/// A model without some of its channels: same nodes, same tensors, same outputs for every input, byte for byte.
struct LiveModel {
  Model model;
  std::vector<std::vector<int>> kept;  // per tensor of the given model: the channels that are left; empty: all are
};

/// int8 only; the model's inputs and outputs stay as they are, and every tensor keeps at least one channel. The model
/// must have passed check_supported.
LiveModel without_dead_channels(const Model& model);
[[nodiscard]] Model drop_channels(const Model& model);

/// A tensor's bytes as `model` would have made them, given those of its live form: its constant channels are put back.
/// None if one of those that went is not constant; such values are computed nowhere.
std::optional<std::vector<std::uint8_t>> with_dropped_channels(const Model& model, const LiveModel& live, int tensor,
                                                               const std::vector<std::uint8_t>& bytes);

}  // namespace dragonet
