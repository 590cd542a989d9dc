// Depthwise 2-D convolution, int8 or int16 with one weight scale per channel, or float32. Weights are 1HWC.
// Source: TensorFlow Lite 8-bit quantization specification, DEPTHWISE_CONV_2D.
#include "ops/emit.h"
#include "ops/output_estimates.h"
#include "ops/output_roundings.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"

namespace dragonet {

static Window window(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  return window_of(model, node, weights[1], weights[2], weights[3]);
}

/// Not from the attribute: some converters leave it at 0.
static int depth_multiplier(const Window& w) { return w.out_c / w.in_c; }

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong =
      gather({check_quantized(model, node, with_int16), check_window(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, 1) || model.input(node, 1).shape.size() != 4) return {"its weights are not 4-dimensional"};
  const Shape &weights = model.input(node, 1).shape, &in = model.input(node, 0).shape;
  if (weights[0] != 1 || weights[3] % in[3] != 0)
    return {fmt::format("its weights are {} for {} input channels", text_of(weights), in[3])};
  return gather(
      {check_weights(model, node, weights[3], 3), check_kernel(model, node, weights[1], weights[2], weights[3])});
}

static Shape shape(const Model& model, const Node& node) { return shape_of(window(model, node)); }
static Rows rows(const Model& model, const Node& node, int, int y) { return rows_of(window(model, node), y); }

static std::int64_t macs(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  return element_count(model.output(node).shape) * weights[1] * weights[2];
}

template <typename T, typename Weight, typename Sum>
static Sum sum_at(const Window& w, const T* in, const Weight* weights, Sum zero_point, int y, int x, int c) {
  Sum sum = 0;
  for (int ky = 0; ky < w.kernel_h; ++ky)
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const int in_y = w.in_y(y, ky), in_x = w.in_x(x, kx);
      if (!w.is_inside(in_y, in_x)) continue;
      const T cell = in[(in_y * w.in_w + in_x) * w.in_c + c / depth_multiplier(w)];
      sum += (static_cast<Sum>(cell) - zero_point) * static_cast<Sum>(weights[(ky * w.kernel_w + kx) * w.out_c + c]);
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
  Emitted code{.header = "depthwise_conv_2d.h"};
  code.constants = channel_constants(model, node, w.out_c, 3, w.out_c);
  code.parameters = fmt::format("DepthwiseConv2D<{}> $ = {{{}, $_weights, {}, {}, {}, {}, {}}}",
                                arithmetic_of(model, node), window_numbers(model, node, w),
                                channel_numbers(model, node), w.out_w, w.out_c, w.in_c, depth_multiplier(w));
  code.scratch_bytes = static_cast<std::size_t>(w.kernel_h) * w.kernel_w * w.in_c * size_of(model.input(node, 0).dtype);
  code.row = "depthwise_conv_2d_row($, in0, y, out, scratch);";
  return code;
}

static bool has_right_edge(const Window& w) { return w.in_x(w.out_w - 1, 2) >= w.in_w; }

/// With at most one column beyond the edge on either side.
static bool is_three_by_three(const Model& model, const Node& node) {
  const Window w = window(model, node);
  return model.output(node).dtype == DType::int8 && weights_zero_point(model, node) == 0 && w.kernel_h == 3 &&
         w.kernel_w == 3 && w.dilation_h == 1 && w.dilation_w == 1 && w.out_c == w.in_c && w.stride_w <= 2 &&
         w.pad_left <= 1 && w.in_x(w.out_w - 1, 2) <= w.in_w && w.in_w >= 2 && w.out_w >= 2;
}

static bool has_columns(const Model& model, const Node& node) {
  return is_three_by_three(model, node) && find_estimates(model, node, model.output(node).shape[3], 3);
}

static bool can_use_simd(const Model& model, const Node& node) {
  return is_three_by_three(model, node) && find_roundings(model, node, model.output(node).shape[3], 3);
}

/// As the kernel's ColumnWeights, of [3, 3, channels].
static Constant weights_by_channel(const Model& model, const Node& node) {
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const Window w = window(model, node);
  const int channels = w.out_c, beyond = model.input(node, 0).quantization.zero_point[0];
  std::vector<std::string> rows;
  for (int c = 0; c < channels; ++c) {
    const auto weight = [&](int ky, int kx) { return int{weights[(ky * 3 + kx) * channels + c]}; };
    const auto edge = [&](int kx) { return beyond * (weight(0, kx) + weight(1, kx) + weight(2, kx)); };
    const auto row = [&](int ky) { return fmt::format("{{{},{},{}}}", weight(ky, 2), weight(ky, 1), weight(ky, 0)); };
    rows.push_back(fmt::format("{{{},{},{{{},{},{}}}}}", w.pad_left > 0 ? edge(0) : 0, has_right_edge(w) ? edge(2) : 0,
                               row(0), row(1), row(2)));
  }
  return {"weights", "dragonet::ColumnWeights", comma_separated(rows), rows.size() * 44};
}

/// As the kernel's DepthwiseWeights, of [3, 3, channels].
static Constant halves_by_channel(const Model& model, const Node& node) {
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const std::size_t channels = weights.size() / 9;
  std::vector<std::string> rows;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto halves = [&](std::size_t one, std::size_t other) {
      const auto half = [&](std::size_t tap) { return static_cast<std::uint16_t>(weights[tap * channels + c]); };
      return half(one) | std::uint32_t{half(other)} << 16;
    };
    rows.push_back(fmt::format("{{{{{},{},{}}},{},{}}}", halves(0, 3), halves(1, 4), halves(2, 5), halves(6, 7),
                               halves(8, 8) & 0xffff));
  }
  return {"weights", "dragonet::DepthwiseWeights", comma_separated(rows), rows.size() * 20};
}

static bool looks_beyond(const Window& w) { return w.pad_top > 0 || w.in_y(w.out_h - 1, 2) >= w.in_h; }

/// Sums of a row, and a row of zero points where one is needed.
static std::size_t scratch_bytes(const Window& w) {
  return 4 * (static_cast<std::size_t>(w.in_w) + 4) + (looks_beyond(w) ? static_cast<std::size_t>(w.in_w) * w.in_c : 0);
}

static Emitted emit_columns(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const Estimates estimates = *find_estimates(model, node, w.out_c, 3);
  Emitted code{.header = "depthwise_conv_2d_columns.h"};
  code.constants = channel_constants(model, node, w.out_c, 3, w.out_c);
  code.constants[0] = weights_by_channel(model, node);
  code.constants.push_back(estimate_constant(estimates));
  code.parameters = fmt::format("DepthwiseColumns $ = {{{}, $_weights, {}, {}, {}}}", window_numbers(model, node, w),
                                estimate_numbers(model, node, estimates), w.out_w, w.out_c);
  code.scratch_bytes = scratch_bytes(w);
  code.row = "depthwise_columns_row($, in0, y, out, scratch);";
  return code;
}

static Emitted emit_simd(const Model& model, const Node& node) {
  const Window w = window(model, node);
  Emitted code{.header = "depthwise_conv_2d_simd.h"};
  code.constants = {halves_by_channel(model, node), rounding_constant(*find_roundings(model, node, w.out_c, 3))};
  code.parameters = fmt::format("DepthwiseSimd $ = {{{}, $_weights, {}, {}, {}}}", window_numbers(model, node, w),
                                rounding_numbers(model, node), w.out_w, w.out_c);
  code.scratch_bytes = scratch_bytes(w);
  code.row = fmt::format("depthwise_simd_row<{}>($, in0, y, out, scratch);", is_rectified(model, node));
  return code;
}

static constexpr Variant variants[] = {
    {.name = "column by column",
     .core = KernelCore::cortex_m0plus,
     .when = "int8, 3 x 3, no dilation, stride 1 or 2, at most one column beyond each edge",
     .applies = has_columns,
     .emit = emit_columns},
    {.name = "column by column, two rows at once",
     .core = KernelCore::cortex_m4,
     .when = "int8, 3 x 3, no dilation, stride 1 or 2, at most one column beyond each edge",
     .applies = can_use_simd,
     .emit = emit_simd}};

extern const Operator depthwise_conv_2d{.name = "depthwise_conv_2d",
                                        .options = "DepthwiseConv2DOptions",
                                        .version = 3,
                                        .dtypes = "int8, int16, float32",
                                        .check = check,
                                        .shape = shape,
                                        .rows = rows,
                                        .macs = macs,
                                        .reference = reference,
                                        .emit = emit,
                                        .quantization = {.has_weights = true, .per_channel_axis = 3},
                                        .variants = variants};

}  // namespace dragonet
