#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ops/emit.h"

namespace dragonet {

// Operands that say where and how much: axes, sizes, paddings, permutations. They must be constants, since the emitted
// code has them as numbers.

inline constexpr std::int64_t any_count = -1;

/// What is wrong with such an operand, in words: it must be a constant int32 or int64 tensor of `count` values.
Problems check_numbers(const Model& model, const Node& node, int input, const char* role,
                       std::int64_t count = any_count);

/// The values of an operand that has passed that check.
std::vector<std::int64_t> numbers_of(const Model& model, const Node& node, int input);

/// An axis of a tensor of that rank, counted from the end where it is negative; none where it has no such axis.
std::optional<int> axis_in(std::int64_t axis, std::size_t rank);

/// Why axis_in does not take this axis, in words.
Problems check_axis(std::int64_t axis, std::size_t rank);

/// Do a tensor's rows fit the kernels' fields?
Problems check_rows(const Tensor& tensor, const char* role);

/// What is wrong, in words, with the tensors of an operator that only moves values: input and output must have one
/// type, the same quantization, and rows that fit.
Problems check_moved(const Model& model, const Node& node, int input, int output = 0);

/// One value of the tensor's type that stands for 0: its zero point, where it has one.
Tensor zero_of(const Tensor& tensor);

}  // namespace dragonet
