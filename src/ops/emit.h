#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "ops/operator.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"

namespace dragonet {

using Problems = std::vector<std::string>;
Problems gather(std::initializer_list<Problems> lists);

/// A tensor as rows: [1, height, width, channels] has `height`, every other shape is one row.
struct RowShape {
  int count;
  std::size_t bytes;  // of one
};
RowShape rows_of(const Tensor& tensor);

const char* c_type(DType dtype);  // "int8_t"

/// A constant tensor as an array of the emitted code.
Constant constant_of(const Tensor& tensor, const std::string& suffix);

/// A float as C++ reads it, exactly.
std::string float_text(float value);

/// What is wrong, in words, with a window of that kernel: it must fit the node's input, or whatever else it slides
/// over, and its numbers must fit the kernels' fields. The node has passed check_window.
Problems check_kernel(const Model& model, const Node& node, int kernel_h, int kernel_w, int out_c);
Problems check_kernel(const Node& node, const Tensor& in, const char* role, int kernel_h, int kernel_w, int out_c);

/// The biases, from each of which in_zero_point * the sum of its channel's weights is taken. Channels lie along `axis`
/// of the weights, the first or the last.
std::vector<std::int64_t> folded_bias(const Model& model, const Node& node, int channels, int axis);

/// What kernels that sum products need: the arrays $_weights and $_bias, and of integers $_multiplier and $_shift,
/// `multipliers` of each. Into the bias goes in_zero_point * the sum of the channel's weights, whose channels lie along
/// `axis`, the first or the last: the inner loop then saves a subtraction, and padding must hold zero_point. Jacob et
/// al. 2018, section 2.3.
std::vector<Constant> channel_constants(const Model& model, const Node& node, int channels, int axis, int multipliers);
/// The same with integer biases into which the caller has folded the zero point.
std::vector<Constant> channel_constants(const Model& model, const Node& node, const std::vector<std::int64_t>& bias,
                                        int channels, int multipliers);

/// The initialiser of the kernels' Channels, which names those arrays; and the name of their arithmetic.
std::string channel_numbers(const Model& model, const Node& node);
const char* arithmetic_of(const Model& model, const Node& node);  // "dragonet::Int8"

/// The initialisers of the kernels' Window, and of their fields from zero_point to max of an int8 output.
std::string window_numbers(const Model& model, const Node& node, const Window& window);
std::string output_numbers(const Model& model, const Node& node);

template <typename Sum, typename Each>
void run_integer_channels(const Model& model, const Node& node, TensorBytes& bytes, int channels, Sum sum, Each each) {
  const Tensor &input = values_of(model, node), &output = model.output(node);
  const int values = node.inputs[operands_of(node).values];
  const std::int32_t of_weights = weights_zero_point(model, node);
  std::vector<std::int16_t> from_zero;
  for (const std::int8_t weight : dragonet::values<std::int8_t>(weights_of(model, node)))
    from_zero.push_back(static_cast<std::int16_t>(weight - of_weights));
  const std::int16_t* weights = from_zero.data();
  const auto [min, max] = activation_range(node, output);
  const auto multipliers = channel_multipliers(model, node, channels);
  const auto bias = bias_values(model, node, channels);
  const std::int32_t in_zero_point = input.quantization.zero_point[0];
  const std::int32_t out_zero_point = output.quantization.zero_point[0];
  if (output.dtype == DType::int16)
    each(data_of<std::int16_t>(bytes, node.outputs[0]), [&, min = min, max = max](int y, int x, int c) {
      const auto* in = data_of<std::int16_t>(bytes, values);
      const std::int64_t total = bias[c] + sum(in, weights, std::int64_t{0}, y, x, c);
      return static_cast<std::int16_t>(std::clamp(rescale_wide(total, multipliers[c]), min, max));
    });
  else
    each(data_of<std::int8_t>(bytes, node.outputs[0]), [&, min = min, max = max](int y, int x, int c) {
      const auto* in = data_of<std::int8_t>(bytes, values);
      const auto total = static_cast<std::int32_t>(bias[c]) + sum(in, weights, in_zero_point, y, x, c);
      return static_cast<std::int8_t>(std::clamp(rescale(total, multipliers[c]) + out_zero_point, min, max));
    });
}

/// The reference of everything that sums products per output channel: sum(in, weights, zero_point, y, x, c), plus bias,
/// rescaled, clamped; in int32 for int8, int64 for int16 and float for float32.
template <typename Sum>
void run_channels(const Model& model, const Node& node, TensorBytes& bytes, int height, int width, int channels,
                  Sum sum) {
  const Operands operands = operands_of(node);
  const bool has_bias = model.has_input(node, operands.bias);
  const auto each = [&](auto* out, auto value) {
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        for (int c = 0; c < channels; ++c) *out++ = value(y, x, c);
  };
  if (model.output(node).dtype == DType::float32) {
    const auto* in = data_of<float>(bytes, node.inputs[operands.values]);
    const auto* weights = data_of<float>(bytes, node.inputs[operands.weights]);
    const auto [min, max] = real_activation_range(node);
    each(data_of<float>(bytes, node.outputs[0]), [&, min = min, max = max](int y, int x, int c) {
      const float bias = has_bias ? data_of<float>(bytes, node.inputs[operands.bias])[c] : 0;
      return std::clamp(bias + sum(in, weights, 0.0f, y, x, c), min, max);
    });
    return;
  }
  run_integer_channels(model, node, bytes, channels, sum, each);
}

}  // namespace dragonet
