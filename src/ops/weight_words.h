#pragma once

#include <cstdint>
#include <span>

#include "ops/emit.h"

namespace dragonet {

/// The array $_weights as firmware/kernels/conv_2d_simd.h and fully_connected_simd.h read it: words of four taps, of
/// `together` channels in turn; zeros where taps or channels are missing.
///   weights  [channels, taps]
Constant words_of_weights(std::span<const std::int8_t> weights, int taps, int together);

}  // namespace dragonet
