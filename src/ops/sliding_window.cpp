#include "ops/sliding_window.h"

#include <fmt/format.h>

#include <algorithm>

namespace dragonet {

static constexpr int padding_same = 0;

static int dilated(int kernel, int dilation) { return (kernel - 1) * dilation + 1; }

/// Not (in - kernel) / stride + 1, which rounds a kernel that is a little too large up to one output.
static int output_side(int padding, int in, int kernel, int stride) {
  return padding == padding_same ? (in + stride - 1) / stride : (in + stride - kernel) / stride;
}

static int pad_before(int padding, int in, int out, int kernel, int stride) {
  return padding == padding_same ? std::max(0, (out - 1) * stride + kernel - in) / 2 : 0;
}

Window window_of(const Model& model, const Node& node, int kernel_h, int kernel_w, int out_c) {
  return window_of(node, model.input(node, 0).shape, kernel_h, kernel_w, out_c);
}

Window window_of(const Node& node, const Shape& in, int kernel_h, int kernel_w, int out_c) {
  const int padding = static_cast<int>(node.integer("padding"));
  Window w{};
  w.in_h = in[1], w.in_w = in[2], w.in_c = in[3], w.out_c = out_c;
  w.kernel_h = kernel_h, w.kernel_w = kernel_w;
  w.stride_h = static_cast<int>(node.integer("stride_h")), w.stride_w = static_cast<int>(node.integer("stride_w"));
  w.dilation_h = static_cast<int>(node.integer("dilation_h_factor", 1));
  w.dilation_w = static_cast<int>(node.integer("dilation_w_factor", 1));
  const int height = dilated(kernel_h, w.dilation_h), width = dilated(kernel_w, w.dilation_w);
  w.out_h = output_side(padding, w.in_h, height, w.stride_h);
  w.out_w = output_side(padding, w.in_w, width, w.stride_w);
  w.pad_top = pad_before(padding, w.in_h, w.out_h, height, w.stride_h);
  w.pad_left = pad_before(padding, w.in_w, w.out_w, width, w.stride_w);
  return w;
}

Shape shape_of(const Window& window) { return {1, window.out_h, window.out_w, window.out_c}; }

Rows rows_of(const Window& window, int y) {
  return {.first = window.in_y(y, 0), .count = dilated(window.kernel_h, window.dilation_h)};
}

static void check_between(std::vector<std::string>& wrong, const Node& node, const char* name, int otherwise,
                          int most) {
  const std::int64_t value = node.integer(name, otherwise);
  if (value < 1 || value > most) wrong.push_back(fmt::format("{} is {}, not 1 to {}", name, value, most));
}

std::vector<std::string> check_window(const Model& model, const Node& node) {
  std::vector<std::string> wrong;
  const Shape& in = values_of(model, node).shape;
  if (in.size() != 4) return {fmt::format("its input has {} dimensions, not 4", in.size())};
  if (in[0] != 1) wrong.push_back(fmt::format("its batch is {}, not 1", in[0]));
  check_between(wrong, node, "stride_h", 0, 255);
  check_between(wrong, node, "stride_w", 0, 255);
  check_between(wrong, node, "dilation_h_factor", 1, 255);
  check_between(wrong, node, "dilation_w_factor", 1, 255);
  const std::int64_t padding = node.integer("padding");
  if (padding != 0 && padding != 1) wrong.push_back(fmt::format("its padding is {}, neither SAME nor VALID", padding));
  return wrong;
}

}  // namespace dragonet
