#pragma once

#include "ops/operator.h"

namespace dragonet {

/// A window of `kernel` cells that slides over [height, width]: what convolutions and pools share.
/// Output (y, x) sees inputs y * stride_h - pad_top + ky * dilation_h, and likewise across.
struct Window {
  int in_h, in_w, in_c, out_h, out_w, out_c;
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w;
  int pad_top, pad_left;
  int in_y(int y, int ky) const { return y * stride_h - pad_top + ky * dilation_h; }
  int in_x(int x, int kx) const { return x * stride_w - pad_left + kx * dilation_w; }
  bool is_inside(int y, int x) const { return y >= 0 && y < in_h && x >= 0 && x < in_w; }
};

/// From the node's attributes; padding SAME or VALID as TensorFlow computes it (uneven at stride 2: more at the end).
Window window_of(const Model& model, const Node& node, int kernel_h, int kernel_w, int out_c);
Window window_of(const Node& node, const Shape& in, int kernel_h, int kernel_w, int out_c);

Shape shape_of(const Window& window);
Rows rows_of(const Window& window, int y);

/// What is wrong with strides, dilations and the input's rank, in words.
std::vector<std::string> check_window(const Model& model, const Node& node);

}  // namespace dragonet
