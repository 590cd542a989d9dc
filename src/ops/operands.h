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

/// Of one that has passed.
std::vector<std::int64_t> numbers_of(const Model& model, const Node& node, int input);

/// An axis of a tensor of that rank, counted from the end where it is negative; none where it has no such axis.
std::optional<int> axis_in(std::int64_t axis, std::size_t rank);

/// In words, of an axis that axis_in does not take.
Problems check_axis(std::int64_t axis, std::size_t rank);

/// Do a tensor's rows fit the kernels' fields?
Problems check_rows(const Tensor& tensor, const char* role);

/// Of an operator whose output values are input values, whatever they mean: are both of one type, quantized alike, and
/// of rows that fit?
Problems check_moved(const Model& model, const Node& node, int input, int output = 0);

}  // namespace dragonet
