// For tests: an exported model's answer in plain floating point, written from TensorFlow's documentation and from
// nothing that trains. Slow and obvious.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "model/model.h"

namespace dragonet {

using Floats = std::vector<float>;

struct FloatWindow {
  int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, top, left;
};

inline FloatWindow window_of(const Model& model, const Node& node) {
  const bool pool = node.inputs.size() == 1;
  const Shape& in = model.input(node, 0).shape;
  const Shape& out = model.output(node).shape;
  const int kernel_h = pool ? int(node.integer("filter_height")) : model.input(node, 1).shape[1];
  const int kernel_w = pool ? int(node.integer("filter_width")) : model.input(node, 1).shape[2];
  const int stride_h = int(node.integer("stride_h")), stride_w = int(node.integer("stride_w"));
  const int dilation_h = int(node.integer("dilation_h_factor", 1)),
            dilation_w = int(node.integer("dilation_w_factor", 1));
  const bool same = node.integer("padding") == 0;
  const auto before = [same](int outputs, int stride, int kernel, int size) {
    return same ? std::max((outputs - 1) * stride + kernel - size, 0) / 2 : 0;
  };
  return {kernel_h,
          kernel_w,
          stride_h,
          stride_w,
          dilation_h,
          dilation_w,
          before(out[1], stride_h, (kernel_h - 1) * dilation_h + 1, in[1]),
          before(out[2], stride_w, (kernel_w - 1) * dilation_w + 1, in[2])};
}

/// Calls visit(ky, kx, index of channel 0 in the input) for every tap of output (y, x) that lies inside the input.
template <typename Visit>
void for_each_tap(const FloatWindow& window, const Shape& in, int y, int x, Visit visit) {
  for (int ky = 0; ky < window.kernel_h; ++ky)
    for (int kx = 0; kx < window.kernel_w; ++kx) {
      const int v = y * window.stride_h + ky * window.dilation_h - window.top;
      const int u = x * window.stride_w + kx * window.dilation_w - window.left;
      if (v >= 0 && v < in[1] && u >= 0 && u < in[2]) visit(ky, kx, (v * in[2] + u) * in[3]);
    }
}

/// One output of a convolution or pool, before its activation.
inline float window_output(const Model& model, const Node& node, const Floats& x, int row, int column, int channel) {
  const Shape& in = model.input(node, 0).shape;
  const FloatWindow window = window_of(model, node);
  const int inputs = in[3], outputs = model.output(node).shape[3];
  const bool constants = node.inputs.size() > 1;
  const std::span<const float> w = constants ? values<float>(model.input(node, 1)) : std::span<const float>{};
  float sum = constants ? values<float>(model.input(node, 2))[channel] : 0,
        largest = -std::numeric_limits<float>::infinity();
  int count = 0;
  for_each_tap(window, in, row, column, [&](int ky, int kx, int at) {
    ++count;
    largest = std::max(largest, x[at + std::min(channel, inputs - 1)]);
    const int tap = ky * window.kernel_w + kx;
    if (node.op == "conv_2d")
      for (int c = 0; c < inputs; ++c)
        sum += x[at + c] * w[(channel * window.kernel_h * window.kernel_w + tap) * inputs + c];
    else if (node.op == "depthwise_conv_2d")
      sum += x[at + channel / (outputs / inputs)] * w[tap * outputs + channel];
    else
      sum += x[at + channel];
  });
  if (node.op == "max_pool_2d") return largest;
  return node.op == "average_pool_2d" ? sum / float(count) : sum;
}

inline Floats window_outputs(const Model& model, const Node& node, const Floats& x) {
  const Shape& out = model.output(node).shape;
  Floats y;
  for (int row = 0; row < out[1]; ++row)
    for (int column = 0; column < out[2]; ++column)
      for (int channel = 0; channel < out[3]; ++channel)
        y.push_back(window_output(model, node, x, row, column, channel));
  return y;
}

inline Floats fully_connected(const Model& model, const Node& node, const Floats& x) {
  const std::span<const float> w = values<float>(model.input(node, 1)), bias = values<float>(model.input(node, 2));
  Floats y(bias.begin(), bias.end());
  for (std::size_t o = 0; o < y.size(); ++o)
    for (std::size_t i = 0; i < x.size(); ++i) y[o] += w[o * x.size() + i] * x[i];
  return y;
}

inline Floats softmax(Floats x) {
  float sum = 0;
  for (float& value : x) sum += value = std::exp(value);
  for (float& value : x) value /= sum;
  return x;
}

inline Floats activated(std::int64_t activation, Floats y) {
  for (float& value : y) {
    if (activation == 1 || activation == 3) value = std::max(value, 0.0f);
    if (activation == 3) value = std::min(value, 6.0f);
  }
  return y;
}

inline Floats add(Floats a, const Floats& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

/// Along the last axis.
inline Floats concatenated(const std::vector<Floats>& parts, const std::vector<int>& widths) {
  Floats y;
  for (std::size_t first = 0; first < parts[0].size() / widths[0]; ++first)
    for (std::size_t p = 0; p < parts.size(); ++p)
      y.insert(y.end(), parts[p].begin() + std::ptrdiff_t(first * widths[p]),
               parts[p].begin() + std::ptrdiff_t((first + 1) * widths[p]));
  return y;
}

/// Zeros around a map.
inline Floats padded(const Model& model, const Node& node, const Floats& x) {
  const Shape &in = model.input(node, 0).shape, &out = model.output(node).shape;
  const auto amounts = values<std::int32_t>(model.input(node, 1));
  Floats y(element_count(out));
  for (int row = 0; row < in[1]; ++row)
    for (int i = 0; i < in[2] * in[3]; ++i)
      y[(row + amounts[2]) * out[2] * out[3] + amounts[4] * out[3] + i] = x[row * in[2] * in[3] + i];
  return y;
}

inline float logistic(float x) { return 1 / (1 + std::exp(-x)); }

/// Keras' LSTM over [1, steps, inputs]; operands are the input, then for the gates i, f, c, o their weights [units,
/// inputs], from 5 on those of the last output [units, units], and from 12 on their biases.
inline Floats lstm(const Model& model, const Node& node, const Floats& x) {
  const Shape& in = model.input(node, 0).shape;
  const int steps = in[1], inputs = in[2], units = model.input(node, 1).shape[0];
  Floats h(units), c(units), y;
  for (int t = 0; t < steps; ++t) {
    const auto gate = [&](int g, int unit) {
      const auto w = values<float>(model.input(node, 1 + g)), r = values<float>(model.input(node, 5 + g));
      float sum = values<float>(model.input(node, 12 + g))[unit];
      for (int i = 0; i < inputs; ++i) sum += w[unit * inputs + i] * x[t * inputs + i];
      for (int i = 0; i < units; ++i) sum += r[unit * units + i] * h[i];
      return sum;
    };
    Floats next(units);
    for (int u = 0; u < units; ++u) {
      c[u] = logistic(gate(1, u)) * c[u] + logistic(gate(0, u)) * std::tanh(gate(2, u));
      next[u] = logistic(gate(3, u)) * std::tanh(c[u]);
    }
    h = next;
    y.insert(y.end(), h.begin(), h.end());
  }
  return y;
}

/// `b`: the second input of an add.
inline Floats run_node(const Model& model, const Node& node, const Floats& x, const Floats& b) {
  if (node.op == "reshape") return x;
  if (node.op == "pad") return padded(model, node, x);
  if (node.op == "softmax") return softmax(x);
  if (node.op == "unidirectional_sequence_lstm") return lstm(model, node, x);
  if (node.op == "strided_slice") return {x.end() - model.output(node).shape.back(), x.end()};  // the last step
  if (node.op == "relu" || node.op == "relu6") return activated(node.op == "relu" ? 1 : 3, x);
  const std::int64_t activation = node.integer("fused_activation_function");
  if (node.op == "add") return activated(activation, add(x, b));
  return activated(activation,
                   node.op == "fully_connected" ? fully_connected(model, node, x) : window_outputs(model, node, x));
}

/// The last tensor's values, for one input in the model's own order.
inline Floats float_forward(const Model& model, const Floats& input) {
  std::map<int, Floats> tensors{{model.inputs[0], input}};
  for (const Node& node : model.nodes) {
    std::vector<Floats> parts;
    std::vector<int> widths;
    for (const int input : node.inputs) {
      if (input < 0) continue;  // left out
      parts.push_back(tensors[input]), widths.push_back(model.tensors[input].shape.back());
    }
    tensors[node.outputs[0]] =
        node.op == "concatenation" ? concatenated(parts, widths) : run_node(model, node, parts.front(), parts.back());
  }
  return tensors[model.outputs[0]];
}

}  // namespace dragonet
