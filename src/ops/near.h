#pragma once

#include <cstdint>
#include <span>

#include "model/model.h"

namespace dragonet {

/// Floats of one tensor may differ by this, of its largest value or of 1: kernels sum in another order than references
/// and have exponentials of their own.
inline constexpr float real_tolerance = 1e-5f;

/// Are both the same value of the tensor? Integers byte for byte, floats within real_tolerance.
bool is_near(const Tensor& tensor, std::span<const std::uint8_t> actual, std::span<const std::uint8_t> expected);

}  // namespace dragonet
