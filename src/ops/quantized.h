#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <vector>

#include "ops/operator.h"

namespace dragonet {

/// A real factor as multiplier * 2^(shift - 31), multiplier in [2^30, 2^31).
struct Multiplier {
  std::int32_t multiplier = 0;
  int shift = 0;
};
Multiplier multiplier_of(double factor);

/// x * factor as TensorFlow Lite Micro's reference rounds it: twice. Saturating rounding doubling high multiply, then a
/// rounding right shift, halves away from zero. Jacob et al. 2018, arXiv:1712.05877, section 2.2; gemmlowp's
/// fixedpoint.h.
std::int32_t rescale(std::int32_t x, Multiplier factor);
std::int32_t doubling_high_multiply(std::int32_t a, std::int32_t b);
std::int32_t rounding_shift_right(std::int32_t x, int exponent);

/// The same of a sum of 48 bits, as the reference does it for int16 activations: a multiplier of 16 bits, one rounding.
/// factor.shift is at most 8.
std::int32_t rescale_wide(std::int64_t x, Multiplier factor);

/// The range, in the output's int8 or int16, that a fused activation (none, RELU, RELU_N1_TO_1, RELU6) leaves.
struct Range {
  std::int32_t min, max;
};
Range activation_range(const Node& node, const Tensor& output);
std::vector<std::string> check_activation(const Node& node);

/// The same for int32, which is its own value.
Range plain_activation_range(const Node& node);

/// The same for floats: minus infinity to infinity without an activation.
struct RealRange {
  float min, max;
};
RealRange real_activation_range(const Node& node);

/// An attribute of a node that TensorFlow 1 quantized to uint8: its arithmetic is the older one.
inline constexpr const char* from_uint8 = "from_uint8";

/// One factor per output channel: input scale * weight scale / output scale.
std::vector<Multiplier> channel_multipliers(const Model& model, const Node& node, int channels);

/// 0, but for weights that came from uint8.
std::int32_t weights_zero_point(const Model& model, const Node& node);

/// What is wrong with a node's input and output, in words: both must be of one of the types, and where that has scales,
/// each must have one.
std::vector<std::string> check_quantized(const Model& model, const Node& node,
                                         std::initializer_list<DType> types = {DType::int8, DType::float32});
inline constexpr std::initializer_list<DType> with_int16{DType::int8, DType::int16, DType::float32};
inline constexpr std::initializer_list<DType> with_int32{DType::int8, DType::int16, DType::int32, DType::float32};

/// Are its values steps of a scale? int32, int64 and bool are their own values, whatever the file says.
inline bool is_quantized(DType dtype) { return dtype == DType::int8 || dtype == DType::int16 || dtype == DType::uint8; }

void check_one_scale(std::vector<std::string>& wrong, const Tensor& tensor, const char* role);
std::vector<std::string> check_weights(const Model& model, const Node& node, int channels, int axis);

/// Zeros where there is none.
std::vector<std::int64_t> bias_values(const Model& model, const Node& node, int channels);

float real_of(const Tensor& tensor, std::int32_t q);

/// Calls work(T{}) with the C++ type of int8, int16 or float32: what most operators compute in.
template <typename Work>
auto with_type(DType dtype, Work work) {
  if (dtype == DType::float32) return work(float{});
  return dtype == DType::int16 ? work(std::int16_t{}) : work(std::int8_t{});
}

/// A reference's view of the running values. `T` must be the tensor's type.
template <typename T>
T* data_of(TensorBytes& bytes, int tensor) {
  return reinterpret_cast<T*>(bytes[tensor].data());
}

/// The same with those, and of int32 and bool: of whatever is compared and chosen as it is.
template <typename Work>
auto with_value_type(DType dtype, Work work) {
  if (dtype == DType::int32) return work(std::int32_t{});
  return dtype == DType::boolean ? work(std::uint8_t{}) : with_type(dtype, work);
}

/// As C++ reads it: the least int32 has no literal of its own.
std::string int32_text(std::int32_t value);

/// Text of an array's elements, for the emitted code.
template <typename Values>
std::string comma_separated(const Values& values) {
  return fmt::format("{}", fmt::join(values, ","));
}

}  // namespace dragonet
