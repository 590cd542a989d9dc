#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"
#include "ops/output_roundings.h"

namespace dragonet {

/// The values under a window as firmware/kernels/conv_2d_simd.h widens them; of a fully connected layer, one row in
/// fours.
struct PatchRows {
  int rows, taps;     // of the window, and of each of its rows
  bool are_in_fours;  // taps 0 and 2 in a word, then 1 and 3; else in order
  int words_of_row() const { return are_in_fours ? (taps + 3) / 4 * 2 : (taps + 1) / 2; }
  int words() const { return (rows * words_of_row() + 1) / 2 * 2; }
};

/// Whether two channels' weights fit in halves of words, and the second's sums in 24 bits: not where a weight of -128
/// would share a half with a negative one, or where sums reach 2^23.
///   weights  [channels, taps], their biases to be added
bool can_share_words(std::span<const std::int8_t> weights, std::span<const std::int64_t> bias);

/// The array $_pairs of firmware/kernels/channel_pairs.h.
///   weights  [channels, rows, taps]
Constant channel_pairs(std::span<const std::int8_t> weights, const std::vector<ChannelRounding>& roundings,
                       const PatchRows& patch);

}  // namespace dragonet
