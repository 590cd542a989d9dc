#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"

namespace dragonet {

/// The array $_weights as firmware/kernels/fully_connected_simd.h reads it: words of four taps, of `together` channels
/// in turn; zeros where taps or channels are missing.
///   weights  [channels, taps]
Constant words_of_weights(std::span<const std::int8_t> weights, int taps, int together);

/// A patch as firmware/kernels/conv_2d_simd.h widens it.
struct PatchRows {
  int rows, taps;     // of the window, and of each of its rows
  bool are_in_fours;  // taps 0 and 2 in a word, then 1 and 3; else in order
  int words_of_row() const { return (taps + 1) / 2; }
  int words() const { return (rows * words_of_row() + 1) / 2 * 2; }
};

/// Whether two channels' weights fit in halves of words, and their sums in 24 bits. False for none but weights of -128
/// beside negative ones, and for sums of many thousands.
///   weights  [channels, taps], their biases to be added
bool can_share_words(std::span<const std::int8_t> weights, std::span<const std::int64_t> bias);

/// The array $_weights as that kernel reads it: two taps of two channels in a word.
///   weights  [channels, rows, taps]
Constant words_of_channel_pairs(std::span<const std::int8_t> weights, const PatchRows& patch);

}  // namespace dragonet
