#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"

namespace dragonet {

// Runs of weights for firmware/kernels/pairs.h.

/// The lengths of a channel's runs: each as long as the sum of |weight| stays at most 255, and at most 16.
std::vector<int> runs_of(std::span<const std::int8_t> weights);

/// The array $_runs of channels of `taps` weights each.
Constant run_constant(std::span<const std::int8_t> weights, int taps);

/// The arrays $_weights and $_runs of firmware/kernels/fully_connected_pairs.h.
///   weights  [channels, in_channels]
Constant words_of_blocks(std::span<const std::int8_t> weights, int in_channels);
Constant runs_of_blocks(std::span<const std::int8_t> weights, int in_channels);

/// How many pairs of pixels, 2 to 4, a Cortex-M0+ takes fewest cycles with.
int best_pairs(std::span<const std::int8_t> weights, int taps, int out_width);

}  // namespace dragonet
