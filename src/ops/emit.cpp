#include "ops/emit.h"

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
  const int count = tensor.shape.size() == 4 ? tensor.shape[1] : 1;
  return {count, tensor.bytes() / static_cast<std::size_t>(count)};
}

static bool is_kernel_side(int side) { return side >= 1 && side <= 255; }

Problems check_kernel(const Model& model, const Node& node, int kernel_h, int kernel_w, int out_c) {
  if (!is_kernel_side(kernel_h) || !is_kernel_side(kernel_w))
    return {fmt::format("its window is {} x {}, not 1 to 255", kernel_h, kernel_w)};
  const Window w = window_of(model, node, kernel_h, kernel_w, out_c);
  if (w.out_h < 1 || w.out_w < 1)
    return {fmt::format("its window of {} x {} is larger than its input of {} x {}", w.kernel_h, w.kernel_w, w.in_h,
                        w.in_w)};
  if (std::max(w.pad_top, w.pad_left) > 255)
    return {fmt::format("its padding is {} x {}; at most 255 is supported", w.pad_top, w.pad_left)};
  if (std::max({w.in_h, w.in_w, w.in_c, w.out_w, w.out_c}) > 32767)
    return {"a side of its input or output is over 32767"};
  return {};
}

static std::vector<std::int32_t> plain_bias(const Model& model, const Node& node, int channels) {
  if (!model.has_input(node, 2)) return std::vector<std::int32_t>(channels);
  const auto bias = values<std::int32_t>(model.input(node, 2));
  return {bias.begin(), bias.end()};
}

std::vector<std::int32_t> folded_bias(const Model& model, const Node& node, int channels, int axis) {
  std::vector<std::int32_t> bias = plain_bias(model, node, channels);
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const std::int32_t zero_point = model.input(node, 0).quantization.zero_point[0];
  const std::size_t per_channel = weights.size() / channels;
  for (std::size_t i = 0; i < weights.size(); ++i)
    bias[axis == 0 ? i / per_channel : i % channels] -= zero_point * weights[i];
  return bias;
}

std::vector<Constant> channel_constants(const Model& model, const Node& node, int multipliers,
                                        const std::vector<std::int32_t>& bias) {
  const auto weights = values<std::int8_t>(model.input(node, 1));
  std::vector<std::int32_t> multiplier;
  std::vector<int> shift;
  for (const Multiplier& m :
       channel_multipliers(model.input(node, 0), model.input(node, 1), model.output(node), multipliers)) {
    multiplier.push_back(m.multiplier);
    shift.push_back(m.shift);
  }
  return {{"weights", "int8_t", comma_separated(weights), weights.size()},
          {"bias", "int32_t", comma_separated(bias), bias.size() * 4},
          {"multiplier", "int32_t", comma_separated(multiplier), multiplier.size() * 4},
          {"shift", "int8_t", comma_separated(shift), shift.size()}};
}

std::string window_numbers(const Model& model, const Node& node, const Window& w) {
  return fmt::format("{{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}}", w.in_h, w.in_w, w.in_c, w.kernel_h,
                     w.kernel_w, w.stride_h, w.stride_w, w.dilation_h, w.dilation_w, w.pad_top, w.pad_left,
                     model.input(node, 0).quantization.zero_point[0]);
}

std::string output_numbers(const Model& model, const Node& node) {
  const Tensor& output = model.output(node);
  const auto [min, max] = activation_range(node, output);
  return fmt::format("{}, {}, {}", output.quantization.zero_point[0], min, max);
}

}  // namespace dragonet
