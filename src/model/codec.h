// What a tensor's bytes stand for, in both directions: real = scale * (q - zero_point). Everybody who needs reals of
// bytes, or bytes of reals, comes here.
#pragma once

#include <span>
#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

using Reals = std::vector<double>;

/// Of any type: with the scale of each value's channel; a float32 or a tensor without scales is its own value.
Reals reals_of(const Tensor& tensor, std::span<const std::uint8_t> bytes);
Reals reals_of(const Tensor& constant);

/// And back: round(real / scale) + zero_point, halves away from zero, saturated where the type ends; no number becomes
/// 0. The division is in the reals' own precision: those of a float model are floats when it becomes int8.
Bytes bytes_of_reals(const Tensor& tensor, std::span<const double> reals);
Bytes bytes_of_reals(const Tensor& tensor, std::span<const float> reals);

/// The same as floats.
std::vector<float> floats_of(const Tensor& tensor, std::span<const std::uint8_t> bytes);

/// Without its scale: the numbers as they are stored, as many as the bytes hold and the tensor has.
Reals stored_values(const Tensor& tensor, std::span<const std::uint8_t> bytes);

/// Of float32 tensors.
std::vector<float> floats_in(std::span<const std::uint8_t> bytes);
Bytes bytes_of(std::span<const float> floats);

/// int8 values, of a tensor of one scale.
std::span<const std::int8_t> int8_in(std::span<const std::uint8_t> bytes);
std::vector<std::int8_t> quantized(std::span<const float> reals, const Quantization& quantization);
std::vector<float> dequantized(std::span<const std::int8_t> values, const Quantization& quantization);

/// 1 / scale. A float cannot hold 1 / 255: where the scale is the nearest to one over a whole number, that is meant.
double steps_of(float scale);

/// Features as a float32 model trains with them, in every bit: (q - zero_point) / steps. Times the scale would give
/// others.
std::vector<float> reals_of_features(std::span<const std::int8_t> features, const Quantization& quantization);

/// Features of a sample, as the chip computes them, as the bytes of a model's first input: as they are where it is
/// int8, otherwise what they stand for.
Bytes input_of_features(const Model& model, std::span<const std::int8_t> features, const Quantization& quantization);

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
