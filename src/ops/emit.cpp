#include "ops/emit.h"

#include <cmath>

namespace dragonet {

Shape same_shape(const Model& model, const Node& node) { return model.input(node, 0).shape; }
Rows same_row(const Model&, const Node&, int, int y) { return {y, 1}; }
std::int64_t no_macs(const Model&, const Node&) { return 0; }

Problems gather(std::initializer_list<Problems> lists) {
  Problems all;
  for (const Problems& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

RowShape rows_of(const Tensor& tensor) {
  const int count = tensor.shape.size() == 4 && tensor.shape[0] == 1 ? tensor.shape[1] : 1;
  return {count, tensor.bytes() / static_cast<std::size_t>(count)};
}

const char* c_type(DType dtype) {
  switch (dtype) {
    case DType::float32:
      return "float";
    case DType::int8:
      return "int8_t";
    case DType::int16:
      return "int16_t";
    case DType::int32:
      return "int32_t";
    case DType::int64:
      return "int64_t";
    default:
      return "uint8_t";
  }
}

std::string float_text(float value) {
  if (std::isnan(value)) return "__builtin_nanf(\"\")";
  if (std::isinf(value)) return value < 0 ? "-__builtin_inff()" : "__builtin_inff()";
  const std::string text = fmt::format("{}", value);
  return text + (text.find_first_of(".e") == std::string::npos ? ".0f" : "f");
}

template <typename T, typename Text>
static std::string texts_of(const Tensor& tensor, Text text) {
  std::vector<std::string> texts;
  for (const T value : values<T>(tensor)) texts.push_back(text(value));
  return fmt::format("{}", fmt::join(texts, ","));
}

/// The least int64 has no literal of its own.
static std::string int64_text(std::int64_t value) {
  return value == INT64_MIN ? "(-9223372036854775807LL - 1)" : fmt::format("{}LL", value);
}

static std::string array_text(const Tensor& tensor) {
  switch (tensor.dtype) {
    case DType::float32:
      return texts_of<float>(tensor, float_text);
    case DType::int64:
      return texts_of<std::int64_t>(tensor, int64_text);
    case DType::int32:
      return comma_separated(values<std::int32_t>(tensor));
    case DType::int16:
      return comma_separated(values<std::int16_t>(tensor));
    case DType::int8:
      return comma_separated(values<std::int8_t>(tensor));
    default:
      return comma_separated(values<std::uint8_t>(tensor));
  }
}

Constant constant_of(const Tensor& tensor, const std::string& suffix) {
  return {suffix, c_type(tensor.dtype), array_text(tensor), tensor.bytes()};
}

static bool is_kernel_side(int side) { return side >= 1 && side <= 255; }

Problems check_kernel(const Model& model, const Node& node, int kernel_h, int kernel_w, int out_c) {
  return check_kernel(node, model.input(node, 0), "input", kernel_h, kernel_w, out_c);
}

Problems check_kernel(const Node& node, const Tensor& in, const char* role, int kernel_h, int kernel_w, int out_c) {
  if (!is_kernel_side(kernel_h) || !is_kernel_side(kernel_w))
    return {fmt::format("its window is {} x {}, not 1 to 255", kernel_h, kernel_w)};
  const Window w = window_of(node, in.shape, kernel_h, kernel_w, out_c);
  if (w.out_h < 1 || w.out_w < 1)
    return {fmt::format("its window of {} x {} is larger than its {} of {} x {}", w.kernel_h, w.kernel_w, role, w.in_h,
                        w.in_w)};
  if (std::max(w.pad_top, w.pad_left) > 255)
    return {fmt::format("its padding is {} x {}; at most 255 is supported", w.pad_top, w.pad_left)};
  if (std::max({w.in_h, w.in_w, w.in_c, w.out_w, w.out_c}) > 32767 || w.in_c * size_of(in.dtype) > 65535)
    return {"a side of its input or output is over 32767"};
  return {};
}

std::vector<std::int64_t> folded_bias(const Model& model, const Node& node, int channels, int axis) {
  std::vector<std::int64_t> bias = bias_values(model, node, channels);
  const auto weights = values<std::int8_t>(weights_of(model, node));
  const std::int32_t zero_point = values_of(model, node).quantization.zero_point[0];
  const std::int32_t of_weights = weights_zero_point(model, node);
  const std::size_t per_channel = weights.size() / channels;
  for (std::size_t i = 0; i < weights.size(); ++i)
    bias[axis == 0 ? i / per_channel : i % channels] -= zero_point * (weights[i] - of_weights);
  return bias;
}

static std::vector<Constant> real_constants(const Model& model, const Node& node, int channels) {
  Tensor none{.dtype = DType::float32, .shape = {channels}};
  none.data.resize(none.bytes());
  const int bias = operands_of(node).bias;
  return {constant_of(weights_of(model, node), "weights"),
          constant_of(model.has_input(node, bias) ? model.input(node, bias) : none, "bias")};
}

std::vector<Constant> channel_constants(const Model& model, const Node& node, int channels, int axis, int multipliers) {
  if (model.output(node).dtype == DType::float32) return real_constants(model, node, channels);
  return channel_constants(model, node, folded_bias(model, node, channels, axis), channels, multipliers);
}

std::vector<Constant> channel_constants(const Model& model, const Node& node, const std::vector<std::int64_t>& bias,
                                        int channels, int multipliers) {
  const Tensor &in = values_of(model, node), &weights = weights_of(model, node);
  if (in.dtype == DType::float32) return real_constants(model, node, channels);
  std::vector<std::int32_t> multiplier;
  std::vector<int> shift;
  for (const Multiplier& m : channel_multipliers(model, node, multipliers)) {
    multiplier.push_back(m.multiplier);
    shift.push_back(m.shift);
  }
  const bool wide = in.dtype == DType::int16;
  return {constant_of(weights, "weights"),
          {"bias", wide ? "int64_t" : "int32_t", comma_separated(bias), bias.size() * (wide ? 8 : 4)},
          {"multiplier", "int32_t", comma_separated(multiplier), multiplier.size() * 4},
          {"shift", "int8_t", comma_separated(shift), shift.size()}};
}

std::string channel_numbers(const Model& model, const Node& node) {
  const std::int32_t of_weights = model.output(node).dtype == DType::int8 ? weights_zero_point(model, node) : 0;
  if (model.output(node).dtype != DType::float32)
    return fmt::format("{{$_bias, $_multiplier, $_shift, {}{}}}", output_numbers(model, node),
                       of_weights == 0 ? "" : fmt::format(", {}", of_weights));
  const auto [min, max] = real_activation_range(node);
  return fmt::format("{{$_bias, {}, {}}}", float_text(min), float_text(max));
}

const char* arithmetic_of(const Model& model, const Node& node) {
  const DType dtype = model.output(node).dtype;
  if (dtype == DType::float32) return "dragonet::Real";
  if (dtype == DType::int16) return "dragonet::Int16";
  return weights_zero_point(model, node) == 0 ? "dragonet::Int8" : "dragonet::Int8Affine";
}

std::string window_numbers(const Model& model, const Node& node, const Window& w) {
  const Tensor& in = model.input(node, 0);
  const int zero_point = in.dtype == DType::int8 ? in.quantization.zero_point[0] : 0;
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}}", w.in_h, w.in_w, w.in_c * size_of(in.dtype),
                     w.kernel_h, w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.pad_top, w.pad_left,
                     zero_point);
}

std::string output_numbers(const Model& model, const Node& node) {
  const Tensor& output = model.output(node);
  const auto [min, max] = activation_range(node, output);
  return fmt::format("{}, {}, {}", output.quantization.zero_point[0], min, max);
}

}  // namespace dragonet
