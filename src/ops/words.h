#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"

namespace dragonet {

/// The array $_weights as firmware/kernels/conv_2d_simd.h reads it: words of four taps, of two channels in turn; zeros
/// where taps or channels are missing.
///   weights  [channels, taps]
Constant words_of_weights(std::span<const std::int8_t> weights, int taps);

}  // namespace dragonet
