#include "ops/quantized.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace dragonet {

Multiplier multiplier_of(double factor) {
  if (factor == 0) return {};
  int shift = 0;
  auto mantissa = static_cast<std::int64_t>(std::round(std::frexp(factor, &shift) * (std::int64_t{1} << 31)));
  if (mantissa == std::int64_t{1} << 31) mantissa /= 2, ++shift;
  if (shift < -31) return {};  // every int32 becomes 0
  return {static_cast<std::int32_t>(mantissa), shift};
}

std::int32_t doubling_high_multiply(std::int32_t a, std::int32_t b) {
  constexpr auto lowest = std::numeric_limits<std::int32_t>::min();
  if (a == lowest && b == lowest) return std::numeric_limits<std::int32_t>::max();
  const std::int64_t product = std::int64_t{a} * b;
  const std::int64_t half = product >= 0 ? 1 << 30 : 1 - (1 << 30);
  return static_cast<std::int32_t>((product + half) / (std::int64_t{1} << 31));
}

std::int32_t rounding_shift_right(std::int32_t x, int exponent) {
  const std::int32_t mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
  const std::int32_t threshold = (mask >> 1) + (x < 0 ? 1 : 0);
  return (x >> exponent) + ((x & mask) > threshold ? 1 : 0);
}

std::int32_t rescale(std::int32_t x, Multiplier factor) {
  const int left = std::max(factor.shift, 0), right = std::max(-factor.shift, 0);
  const auto shifted = static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
  return rounding_shift_right(doubling_high_multiply(shifted, factor.multiplier), right);
}

std::int32_t rescale_wide(std::int64_t x, Multiplier factor) {
  const std::int64_t reduced = factor.multiplier < 0x7fff0000 ? (factor.multiplier + (1 << 15)) >> 16 : 0x7fff;
  const int shift = 15 - factor.shift;
  return static_cast<std::int32_t>((x * reduced + (std::int64_t{1} << (shift - 1))) >> shift);
}

enum { activation_none, activation_relu, activation_relu_n1_to_1, activation_relu6 };

RealRange real_activation_range(const Node& node) {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  switch (node.integer("fused_activation_function")) {
    case activation_relu:
      return {0, infinity};
    case activation_relu_n1_to_1:
      return {-1, 1};
    case activation_relu6:
      return {0, 6};
    default:
      return {-infinity, infinity};
  }
}

Range plain_activation_range(const Node& node) {
  const auto [min, max] = real_activation_range(node);
  return {std::isinf(min) ? INT32_MIN : static_cast<std::int32_t>(min),
          std::isinf(max) ? INT32_MAX : static_cast<std::int32_t>(max)};
}

static Range range_of(DType dtype) {
  if (dtype == DType::int16) return {INT16_MIN, INT16_MAX};
  return {INT8_MIN, INT8_MAX};
}

Range activation_range(const Node& node, const Tensor& output) {
  const auto [real_min, real_max] = real_activation_range(node);
  const auto [least, most] = range_of(output.dtype);
  const float scale = output.quantization.scale[0], beyond = 4.0f * static_cast<float>(most + 1);
  const std::int32_t zero_point = output.quantization.zero_point[0];
  const auto quantize = [&](float real) {  // beyond the type from any zero point, however small the scale
    return zero_point + static_cast<std::int32_t>(std::clamp(std::round(real / scale), -beyond, beyond));
  };
  return {std::isinf(real_min) ? least : std::max(least, quantize(real_min)),
          std::isinf(real_max) ? most : std::min(most, quantize(real_max))};
}

std::vector<std::string> check_activation(const Node& node) {
  const std::int64_t activation = node.integer("fused_activation_function");
  if (activation >= activation_none && activation <= activation_relu6) return {};
  return {fmt::format("its fused activation {} is not RELU, RELU_N1_TO_1 or RELU6", activation)};
}

/// For the matrix of a fully connected layer with one scale, and for what was uint8, the reference multiplies both
/// scales as floats; else as doubles (TensorFlow Lite, kernels/kernel_util.cc, GetQuantizedConvolutionMultipler and
/// PopulateConvolutionQuantizationParams).
static double channel_factor(const Model& model, const Node& node, int channel) {
  const Tensor &input = values_of(model, node), &weights = weights_of(model, node), &output = model.output(node);
  const auto& scale = weights.quantization.scale;
  if (scale.size() == 1 && (weights.shape.size() == 2 || node.integer(from_uint8)))
    return static_cast<double>(input.quantization.scale[0] * scale[0]) / output.quantization.scale[0];
  const double weight_scale = scale.size() > 1 ? scale[channel] : scale[0];
  return input.quantization.scale[0] * weight_scale / output.quantization.scale[0];
}

std::vector<Multiplier> channel_multipliers(const Model& model, const Node& node, int channels) {
  std::vector<Multiplier> result;
  for (int c = 0; c < channels; ++c) result.push_back(multiplier_of(channel_factor(model, node, c)));
  return result;
}

std::int32_t weights_zero_point(const Model& model, const Node& node) {
  const auto& zero_points = weights_of(model, node).quantization.zero_point;
  return node.integer(from_uint8) && zero_points.size() == 1 ? zero_points[0] : 0;
}

static bool has_one_scale(const Tensor& tensor) { return tensor.quantization.scale.size() == 1; }

static bool is_zero_point(DType dtype, std::int32_t zero_point) {
  if (dtype == DType::int16 || dtype == DType::int32) return zero_point == 0;
  return dtype == DType::uint8 ? zero_point >= 0 && zero_point <= 255 : zero_point >= -128 && zero_point <= 127;
}

void check_one_scale(std::vector<std::string>& wrong, const Tensor& tensor, const char* role) {
  if (!has_one_scale(tensor))
    wrong.push_back(fmt::format("its {} has {} scales, not 1", role, tensor.quantization.scale.size()));
  else if (const std::int32_t zero_point = tensor.quantization.zero_point[0]; !is_zero_point(tensor.dtype, zero_point))
    wrong.push_back(
        fmt::format("its {} has the zero point {}, which {} may not", role, zero_point, name_of(tensor.dtype)));
}

static std::string names_of(std::initializer_list<DType> types) {
  std::vector<const char*> names;
  for (const DType type : types) names.push_back(name_of(type));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> check_quantized(const Model& model, const Node& node, std::initializer_list<DType> types) {
  if (!model.has_input(node, operands_of(node).values)) return {"its input is missing"};
  const Tensor &in = values_of(model, node), &out = model.output(node);
  if (in.dtype != out.dtype || std::ranges::find(types, in.dtype) == types.end())
    return {fmt::format("its input is {} and its output {}; both must be the same of {}", name_of(in.dtype),
                        name_of(out.dtype), names_of(types))};
  std::vector<std::string> wrong;
  if (!is_quantized(in.dtype)) return wrong;
  check_one_scale(wrong, in, "input");
  check_one_scale(wrong, out, "output");
  return wrong;
}

/// Sums of int16 have 48 bits, and their biases 64 or, from some converters, 32.
static bool is_bias_type(DType values, DType bias) {
  if (values == DType::float32) return bias == DType::float32;
  return bias == DType::int32 || (values == DType::int16 && bias == DType::int64);
}

static void check_bias(std::vector<std::string>& wrong, const Model& model, const Node& node, int channels) {
  const int operand = operands_of(node).bias;
  if (!model.has_input(node, operand)) return;
  const Tensor& bias = model.input(node, operand);
  if (!bias.is_constant() || !is_bias_type(values_of(model, node).dtype, bias.dtype) ||
      element_count(bias.shape) != channels)
    wrong.push_back(fmt::format("its bias is {} {}, not {} constant values for {}", text_of(bias.shape),
                                name_of(bias.dtype), channels, name_of(values_of(model, node).dtype)));
}

static void check_weight_scales(std::vector<std::string>& wrong, const Model& model, const Node& node, int channels,
                                int axis) {
  const Tensor& weights = weights_of(model, node);
  const std::size_t scales = weights.quantization.scale.size();
  if (scales != 1 && (scales != static_cast<std::size_t>(channels) || weights.quantization.axis != axis))
    wrong.push_back(fmt::format("its weights have {} scales for {} channels", scales, channels));
  const auto& zero_points = weights.quantization.zero_point;
  const std::int32_t expected = weights_zero_point(model, node);
  if (const auto found = std::ranges::find_if(zero_points, [=](int z) { return z != expected; });
      found != zero_points.end())
    wrong.push_back(fmt::format("its weights' zero point is {}, not 0", *found));
}

std::vector<std::int64_t> bias_values(const Model& model, const Node& node, int channels) {
  const int operand = operands_of(node).bias;
  if (!model.has_input(node, operand)) return std::vector<std::int64_t>(channels);
  const Tensor& bias = model.input(node, operand);
  if (bias.dtype == DType::int64) return {values<std::int64_t>(bias).begin(), values<std::int64_t>(bias).end()};
  return {values<std::int32_t>(bias).begin(), values<std::int32_t>(bias).end()};
}

/// The largest that any input can make each channel's sum, with the input's zero point folded into the bias or not; as
/// doubles, since a bias may be anything.
static std::vector<double> largest_sums(const Model& model, const Node& node, int channels, int axis) {
  std::vector<double> most(channels);
  std::ranges::transform(bias_values(model, node, channels), most.begin(),
                         [](std::int64_t bias) { return std::abs(static_cast<double>(bias)); });
  const double largest = values_of(model, node).dtype == DType::int16 ? 32768 : 255;
  const auto weights = values<std::int8_t>(weights_of(model, node));
  const std::int32_t zero_point = weights_zero_point(model, node);
  const std::size_t per_channel = weights.size() / channels;
  for (std::size_t i = 0; i < weights.size(); ++i)
    most[axis == 0 ? i / per_channel : i % channels] +=
        largest * (std::abs(weights[i] - zero_point) + std::abs(zero_point));
  return most;
}

/// Do the kernels' 32 bits hold the sums, and the sums shifted left where the factor is above 1? Of int16 the sums have
/// 48 bits, and their results 32.
static void check_arithmetic(std::vector<std::string>& wrong, const Model& model, const Node& node, int channels,
                             int axis) {
  const bool wide = values_of(model, node).dtype == DType::int16;
  const std::vector<double> sums = largest_sums(model, node, channels, axis);
  for (int c = 0; c < channels; ++c) {
    const double factor = channel_factor(model, node, c);
    const bool holds = wide ? sums[c] < 0x1p46 && factor < 128 && (sums[c] + 1) * factor < INT32_MAX
                            : (sums[c] + 1) * std::max(1.0, 2 * factor) <= INT32_MAX;
    if (!holds)
      return wrong.push_back(fmt::format("its sums in channel {} can reach {}, times {}: that overflows {} bits", c,
                                         sums[c], factor, wide ? 48 : 32));
  }
}

std::vector<std::string> check_weights(const Model& model, const Node& node, int channels, int axis) {
  if (!model.has_input(node, operands_of(node).weights)) return {"it has no weights"};
  const Tensor& weights = weights_of(model, node);
  if (!weights.is_constant()) return {"its weights are not constant"};
  const DType expected = values_of(model, node).dtype == DType::float32 ? DType::float32 : DType::int8;
  if (weights.dtype != expected)
    return {fmt::format("its weights are {} and its input {}", name_of(weights.dtype),
                        name_of(values_of(model, node).dtype))};
  std::vector<std::string> wrong;
  check_bias(wrong, model, node, channels);
  if (weights.dtype != DType::int8) return wrong;
  check_weight_scales(wrong, model, node, channels, axis);
  if (wrong.empty()) check_arithmetic(wrong, model, node, channels, axis);
  return wrong;
}

std::string int32_text(std::int32_t value) { return value == INT32_MIN ? "-2147483647 - 1" : std::to_string(value); }

float real_of(const Tensor& tensor, std::int32_t q) {
  return tensor.quantization.scale[0] * static_cast<float>(q - tensor.quantization.zero_point[0]);
}

}  // namespace dragonet
