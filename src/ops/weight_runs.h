#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"
#include "ops/output_estimates.h"

namespace dragonet {

// Runs of weights: see firmware/kernels/pairs.h.

/// The lengths of a channel's runs: each as long as the sum of |weight| stays at most 255, and at most 16.
std::vector<int> runs_of(std::span<const std::int8_t> weights);

/// The array $_runs of firmware/kernels/conv_2d_pairs.h, of channels of `taps` weights each, for so many pairs of
/// pixels; and the array $_estimates.
Constant runs_of_pairs(std::span<const std::int8_t> weights, int taps, int pairs);
Constant estimates_of_pairs(std::span<const std::int8_t> weights, int taps, const Estimates& estimates);

/// The arrays $_weights and $_runs of firmware/kernels/fully_connected_pairs.h.
///   weights  [channels, in_channels]
Constant words_of_blocks(std::span<const std::int8_t> weights, int in_channels);
Constant runs_of_blocks(std::span<const std::int8_t> weights, int in_channels);

/// How many pairs of pixels, 2 to 4, a Cortex-M0+ takes fewest cycles with.
int best_pairs(std::span<const std::int8_t> weights, int taps, int out_width);

}  // namespace dragonet
