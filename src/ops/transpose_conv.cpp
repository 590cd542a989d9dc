// Transposed 2-D convolution, int8 or int16 with one weight scale per output channel, or float32: every input cell
// times the kernel is added to the output, `stride` cells apart. It is the transpose of the convolution that leads from
// its output to its input, whose window gives the padding. Weights are OHWI. Here each output gathers the taps that
// reach it; integers add up to the same in any order.
// Source: TensorFlow Lite Micro, reference/integer_ops/transpose_conv.h and reference/transpose_conv.h.
#include "ops/emit.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"

namespace dragonet {

static constexpr Operands operands{.values = 2, .weights = 1, .bias = 3};  // 0 is the output's shape

/// The convolution's, over the output.
static Window window(const Model& model, const Node& node) {
  const Shape& weights = weights_of(model, node).shape;
  return window_of(node, model.output(node).shape, weights[1], weights[2], weights[3]);
}

/// The shape that is asked for, where the file says it; in some it is computed, from what is known anyway.
static bool has_shape(const Model& model, const Node& node) {
  return model.has_input(node, 0) && model.input(node, 0).is_constant();
}

static Shape shape(const Model& model, const Node& node) {
  if (!has_shape(model, node)) return model.output(node).shape;
  const auto sides = values<std::int32_t>(model.input(node, 0));
  return {sides.begin(), sides.end()};
}

static Problems check_shape(const Model& model, const Node& node) {
  const Shape& out = model.output(node).shape;
  if (has_shape(model, node) && model.input(node, 0).dtype != DType::int32)
    return {fmt::format("its output's shape is given in {}, not int32", name_of(model.input(node, 0).dtype))};
  if (shape(model, node) != out)
    return {
        fmt::format("it asks for an output of {}, and the file says {}", text_of(shape(model, node)), text_of(out))};
  const Shape& weights = weights_of(model, node).shape;
  if (out.size() != 4 || out[0] != 1 || out[3] != weights[0])
    return {fmt::format("its output is {} and its weights {}", text_of(out), text_of(weights))};
  return {};
}

/// Is the input what the convolution makes of the output?
static Problems check_sides(const Model& model, const Node& node) {
  const Shape &in = values_of(model, node).shape, &weights = weights_of(model, node).shape;
  const Tensor& out = model.output(node);
  const Problems wrong = check_kernel(node, out, "output", weights[1], weights[2], weights[3]);
  if (!wrong.empty()) return wrong;
  const Window w = window(model, node);
  if (w.out_h == in[1] && w.out_w == in[2]) return {};
  return {fmt::format("an output of {} comes from an input of {} x {}, and its input is {}", text_of(out.shape),
                      w.out_h, w.out_w, text_of(in))};
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong =
      gather({check_quantized(model, node, with_int16), check_window(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, operands.weights) || weights_of(model, node).shape.size() != 4)
    return {"its weights are not 4-dimensional"};
  const Shape &weights = weights_of(model, node).shape, &in = values_of(model, node).shape;
  if (weights[3] != in[3]) return {fmt::format("its weights are {} for {} input channels", text_of(weights), in[3])};
  if (weights_zero_point(model, node) != 0) return {"its weights have a zero point, which only convolutions may"};
  const Problems unfit = check_shape(model, node);
  return unfit.empty() ? gather({check_sides(model, node), check_weights(model, node, weights[0], 0)}) : unfit;
}

/// Those whose kernels, laid `stride` rows apart, cover row y.
static Rows rows(const Model& model, const Node& node, int input, int y) {
  if (input != operands.values) return {0, rows_of(model.input(node, input)).count};
  const Window w = window(model, node);
  const int from_top = y + w.pad_top, first = std::max(0, from_top - w.kernel_h + w.stride_h) / w.stride_h;
  return {first, from_top / w.stride_h - first + 1};
}

static std::int64_t macs(const Model& model, const Node& node) {
  return element_count(values_of(model, node).shape) * element_count(weights_of(model, node).shape) /
         weights_of(model, node).shape[3];
}

/// sum of (x - zero_point) * w over the cells whose kernel covers output (y, x), cell by cell, in any arithmetic.
template <typename T, typename Weight, typename Sum>
static Sum sum_at(const Window& w, const T* in, const Weight* weights, Sum zero_point, int y, int x, int c) {
  Sum sum = 0;
  for (int ky = 0; ky < w.kernel_h; ++ky)
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const int down = y + w.pad_top - ky, across = x + w.pad_left - kx;
      if (down < 0 || down % w.stride_h != 0 || down / w.stride_h >= w.out_h) continue;
      if (across < 0 || across % w.stride_w != 0 || across / w.stride_w >= w.out_w) continue;
      const T* cell = in + (down / w.stride_h * w.out_w + across / w.stride_w) * w.out_c;
      const Weight* weight = weights + ((c * w.kernel_h + ky) * w.kernel_w + kx) * w.out_c;
      Sum part = 0;
      for (int i = 0; i < w.out_c; ++i) part += (static_cast<Sum>(cell[i]) - zero_point) * static_cast<Sum>(weight[i]);
      sum += part;
    }
  return sum;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Window w = window(model, node);
  run_channels(model, node, bytes, w.in_h, w.in_w, w.in_c,
               [&](auto* in, auto* weights, auto zero_point, int y, int x, int c) {
                 return sum_at(w, in, weights, zero_point, y, x, c);
               });
}

/// Phases of a side that have biases of their own: those beyond the kernel meet no cell and share one.
static int phases(int stride, int kernel) { return std::min(stride, kernel + 1); }

/// Per phase (y, x) and channel: less zero_point * the sum of the weights that meet cells there. One for all phases
/// where the zero point is 0.
static std::vector<std::int64_t> phase_biases(const Model& model, const Node& node, const Window& w) {
  const std::vector<std::int64_t> bias = bias_values(model, node, w.in_c);
  const std::int32_t zero_point = values_of(model, node).quantization.zero_point[0];
  if (zero_point == 0) return bias;
  std::vector<std::int64_t> result;
  const int across = phases(w.stride_w, w.kernel_w), count = phases(w.stride_h, w.kernel_h) * across;
  for (int phase = 0; phase < count; ++phase) result.insert(result.end(), bias.begin(), bias.end());
  const auto weights = values<std::int8_t>(weights_of(model, node));
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::size_t tap = i / w.out_c, kx = tap % w.kernel_w, ky = tap / w.kernel_w % w.kernel_h;
    const std::size_t phase = ky % w.stride_h * across + kx % w.stride_w;
    result[phase * w.in_c + tap / (w.kernel_w * w.kernel_h)] -= zero_point * weights[i];
  }
  return result;
}

static Emitted emit(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const Tensor& in = values_of(model, node);
  const bool is_real = in.dtype == DType::float32;
  const std::vector<std::int64_t> biases = is_real ? std::vector<std::int64_t>{} : phase_biases(model, node, w);
  Emitted code{.header = "transpose_conv.h"};
  code.constants = channel_constants(model, node, biases, w.in_c, w.in_c);
  code.parameters = fmt::format(
      "TransposeConv<{}> $ = {{$_weights, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}}",
      arithmetic_of(model, node), channel_numbers(model, node), w.out_h, w.out_w, w.out_c, w.in_w, w.in_c,
      static_cast<int>(biases.size()) > w.in_c ? w.in_c : 0, phases(w.stride_w, w.kernel_w), w.kernel_h, w.kernel_w,
      w.stride_h, w.stride_w, w.pad_top, w.pad_left, is_real ? 0 : in.quantization.zero_point[0]);
  code.scratch_bytes = static_cast<std::size_t>(w.out_c) * size_of(in.dtype);
  code.row = "transpose_conv_row($, in2, y, out, scratch);";
  return code;
}

extern const Operator transpose_conv{.name = "transpose_conv",
                                     .options = "TransposeConvOptions",
                                     .version = 3,
                                     .dtypes = "int8, int16, float32",
                                     .check = check,
                                     .shape = shape,
                                     .rows = rows,
                                     .macs = macs,
                                     .reference = reference,
                                     .emit = emit,
                                     .operands = operands,
                                     .quantization = {.has_weights = true, .per_channel_axis = 0}};

}  // namespace dragonet
