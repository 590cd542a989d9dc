// 2-D convolution, int8 with one weight scale per output channel, or float32. Weights are OHWI.
// Source: TensorFlow Lite 8-bit quantization specification, CONV_2D.
#include "ops/emit.h"
#include "ops/quantized.h"
#include "ops/window.h"

namespace dragonet {

static Window window(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  return window_of(model, node, weights[1], weights[2], weights[0]);
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong = gather({check_quantized(model, node), check_window(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, 1) || model.input(node, 1).shape.size() != 4) return {"its weights are not 4-dimensional"};
  const Shape &weights = model.input(node, 1).shape, &in = model.input(node, 0).shape;
  if (weights[3] != in[3])
    return {fmt::format("its weights have {} input channels and its input {}; grouped convolutions are not supported",
                        weights[3], in[3])};
  return gather(
      {check_weights(model, node, weights[0], 0), check_kernel(model, node, weights[1], weights[2], weights[0])});
}

static Shape shape(const Model& model, const Node& node) { return shape_of(window(model, node)); }
static Rows rows(const Model& model, const Node& node, int, int y) { return rows_of(window(model, node), y); }

static std::int64_t macs(const Model& model, const Node& node) {
  return element_count(model.output(node).shape) * element_count(model.input(node, 1).shape) /
         model.output(node).shape[3];
}

/// sum over the window of (x - zero_point) * w, in any arithmetic.
template <typename T, typename Sum>
static Sum sum_at(const Window& w, const T* in, const T* weights, Sum zero_point, int y, int x, int c) {
  Sum sum = 0;
  for (int ky = 0; ky < w.kernel_h; ++ky)
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const int in_y = w.in_y(y, ky), in_x = w.in_x(x, kx);
      if (!w.is_inside(in_y, in_x)) continue;
      const T* cell = in + (in_y * w.in_w + in_x) * w.in_c;
      const T* weight = weights + ((c * w.kernel_h + ky) * w.kernel_w + kx) * w.in_c;
      for (int i = 0; i < w.in_c; ++i) sum += (static_cast<Sum>(cell[i]) - zero_point) * static_cast<Sum>(weight[i]);
    }
  return sum;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Window w = window(model, node);
  run_channels(model, node, bytes, w.out_h, w.out_w, w.out_c,
               [&](auto* in, auto* weights, auto zero_point, int y, int x, int c) {
                 return sum_at(w, in, weights, zero_point, y, x, c);
               });
}

static Emitted emit(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const Tensor& weights = model.input(node, 1);
  Emitted code{.header = "conv_2d.h"};
  code.constants = channel_constants(model, node, w.out_c, folded_bias(model, node, w.out_c, 0));
  code.parameters = fmt::format("Conv2D $ = {{{}, $_weights, $_bias, $_multiplier, $_shift, {}, {}, {}}}",
                                window_numbers(model, node, w), w.out_w, w.out_c, output_numbers(model, node));
  const bool pointwise = w.kernel_h == 1 && w.kernel_w == 1;
  code.scratch_bytes = pointwise ? 0 : weights.bytes() / w.out_c;
  code.row = pointwise ? "conv_2d_pointwise_row($, in0, y, out);" : "conv_2d_row($, in0, y, out, scratch);";
  return code;
}

extern const Operator conv_2d{.name = "conv_2d",
                              .options = "Conv2DOptions",
                              .version = 3,
                              .dtypes = "int8, float32",
                              .check = check,
                              .shape = shape,
                              .rows = rows,
                              .macs = macs,
                              .reference = reference,
                              .emit = emit,
                              .quantization = {.has_weights = true, .per_channel_axis = 0}};

}  // namespace dragonet
