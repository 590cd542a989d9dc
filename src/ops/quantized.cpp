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

Range activation_range(const Node& node, const Tensor& output) {
  const auto [min, max] = real_activation_range(node);
  const float scale = output.quantization.scale[0];
  const std::int32_t zero_point = output.quantization.zero_point[0];
  const auto quantize = [&](float real) {  // 512: beyond int8 from any zero point, however small the scale
    return zero_point + static_cast<std::int32_t>(std::clamp(std::round(real / scale), -512.0f, 512.0f));
  };
  return {std::isinf(min) ? -128 : std::max(-128, quantize(min)), std::isinf(max) ? 127 : std::min(127, quantize(max))};
}

std::vector<std::string> check_activation(const Node& node) {
  const std::int64_t activation = node.integer("fused_activation_function");
  if (activation >= activation_none && activation <= activation_relu6) return {};
  return {fmt::format("its fused activation {} is not RELU, RELU_N1_TO_1 or RELU6", activation)};
}

static double channel_factor(const Tensor& input, const Tensor& weights, const Tensor& output, int channel) {
  const auto& scale = weights.quantization.scale;
  const double weight_scale = scale.size() > 1 ? scale[channel] : scale[0];
  return input.quantization.scale[0] * weight_scale / output.quantization.scale[0];
}

std::vector<Multiplier> channel_multipliers(const Tensor& input, const Tensor& weights, const Tensor& output,
                                            int channels) {
  std::vector<Multiplier> result;
  for (int c = 0; c < channels; ++c) result.push_back(multiplier_of(channel_factor(input, weights, output, c)));
  return result;
}

static bool has_one_scale(const Tensor& tensor) { return tensor.quantization.scale.size() == 1; }

void check_one_scale(std::vector<std::string>& wrong, const Tensor& tensor, const char* role) {
  if (!has_one_scale(tensor))
    wrong.push_back(fmt::format("its {} has {} scales, not 1", role, tensor.quantization.scale.size()));
  else if (std::abs(tensor.quantization.zero_point[0] * 2 + 1) > 255)
    wrong.push_back(fmt::format("its {} has the zero point {}, outside int8", role, tensor.quantization.zero_point[0]));
}

std::vector<std::string> check_quantized(const Model& model, const Node& node) {
  if (!model.has_input(node, 0)) return {"its input is missing"};
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.dtype != out.dtype || (in.dtype != DType::int8 && in.dtype != DType::float32))
    return {fmt::format("its input is {} and its output {}; both must be int8 or float32", name_of(in.dtype),
                        name_of(out.dtype))};
  std::vector<std::string> wrong;
  if (in.dtype == DType::float32) return wrong;
  check_one_scale(wrong, in, "input");
  check_one_scale(wrong, out, "output");
  return wrong;
}

static void check_bias(std::vector<std::string>& wrong, const Model& model, const Node& node, int channels) {
  if (!model.has_input(node, 2)) return;
  const Tensor& bias = model.input(node, 2);
  const DType expected = model.input(node, 0).dtype == DType::int8 ? DType::int32 : DType::float32;
  if (!bias.is_constant() || bias.dtype != expected || element_count(bias.shape) != channels)
    wrong.push_back(fmt::format("its bias is not {} constant {} values", channels, name_of(expected)));
}

static void check_weight_scales(std::vector<std::string>& wrong, const Tensor& weights, int channels, int axis) {
  const std::size_t scales = weights.quantization.scale.size();
  if (scales != 1 && (scales != static_cast<std::size_t>(channels) || weights.quantization.axis != axis))
    wrong.push_back(fmt::format("its weights have {} scales for {} channels", scales, channels));
  const auto& zero_points = weights.quantization.zero_point;
  if (const auto found = std::ranges::find_if(zero_points, [](int z) { return z != 0; }); found != zero_points.end())
    wrong.push_back(fmt::format("its weights' zero point is {}, not 0", *found));
}

/// The largest that any input can make each channel's sum, with the input's zero point folded into the bias or not.
static std::vector<std::int64_t> largest_sums(const Model& model, const Node& node, int channels, int axis) {
  std::vector<std::int64_t> most(channels);
  if (model.has_input(node, 2))
    std::ranges::transform(values<std::int32_t>(model.input(node, 2)), most.begin(),
                           [](std::int64_t bias) { return std::abs(bias); });
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const std::size_t per_channel = weights.size() / channels;
  for (std::size_t i = 0; i < weights.size(); ++i)
    most[axis == 0 ? i / per_channel : i % channels] += 255 * std::abs(weights[i]);
  return most;
}

/// Do the kernels' 32 bits hold the sums, and the sums shifted left where the factor is above 1?
static void check_arithmetic(std::vector<std::string>& wrong, const Model& model, const Node& node, int channels,
                             int axis) {
  const std::vector<std::int64_t> sums = largest_sums(model, node, channels, axis);
  for (int c = 0; c < channels; ++c) {
    const double factor = channel_factor(model.input(node, 0), model.input(node, 1), model.output(node), c);
    const double most = static_cast<double>(sums[c] + 1) * std::max(1.0, 2 * factor);
    if (!(most <= INT32_MAX))
      return wrong.push_back(
          fmt::format("its sums in channel {} can reach {}, times {}: that overflows 32 bits", c, sums[c], factor));
  }
}

std::vector<std::string> check_weights(const Model& model, const Node& node, int channels, int axis) {
  if (!model.has_input(node, 1)) return {"it has no weights"};
  const Tensor& weights = model.input(node, 1);
  if (!weights.is_constant()) return {"its weights are not constant"};
  if (weights.dtype != model.input(node, 0).dtype)
    return {fmt::format("its weights are {} and its input {}", name_of(weights.dtype),
                        name_of(model.input(node, 0).dtype))};
  std::vector<std::string> wrong;
  check_bias(wrong, model, node, channels);
  if (weights.dtype != DType::int8) return wrong;
  check_weight_scales(wrong, weights, channels, axis);
  if (wrong.empty()) check_arithmetic(wrong, model, node, channels, axis);
  return wrong;
}

std::int32_t number_in(DType dtype, std::uint8_t byte) {
  return dtype == DType::int8 ? static_cast<std::int8_t>(byte) : byte;
}

float real_of(const Tensor& tensor, std::int32_t q) {
  return tensor.quantization.scale[0] * static_cast<float>(q - tensor.quantization.zero_point[0]);
}

}  // namespace dragonet
