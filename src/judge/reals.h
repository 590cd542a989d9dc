#pragma once

#include <span>
#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

using Reals = std::vector<double>;

/// What a tensor's bytes stand for, whatever its type: scale * (q - zero_point), with the scale of each value's
/// channel.
Reals reals_of(const Tensor& tensor, std::span<const std::uint8_t> bytes);
Reals reals_of(const Tensor& constant);

/// And back: rounded to nearest, and saturated where the type ends.
Bytes bytes_of_reals(const Tensor& tensor, std::span<const double> reals);

/// What a quantized tensor of one scale can hold. Of others: minus infinity to infinity.
struct RealSpan {
  double low, high, step;
};
RealSpan span_of(const Tensor& tensor);

/// Do equal bytes of the two stand for equal values?
bool is_same_grid(const Tensor& a, const Tensor& b);

/// Index along `axis` of the i-th element.
std::size_t index_along(const Shape& shape, int axis, std::size_t i);

/// The distance between neighbouring values of a constant at its i-th element; 0 of floats.
double step_at(const Tensor& constant, std::size_t i);

}  // namespace dragonet
