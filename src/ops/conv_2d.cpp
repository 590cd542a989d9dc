// 2-D convolution, int8 or int16 with one weight scale per output channel, or float32. Weights are OHWI. Where they
// have fewer channels than the input, it is in groups: each part of the output channels sees its part of the input's.
// Source: TensorFlow Lite 8-bit quantization specification, CONV_2D.
#include "ops/emit.h"
#include "ops/output_estimates.h"
#include "ops/output_roundings.h"
#include "ops/quantized.h"
#include "ops/sliding_window.h"
#include "ops/weight_runs.h"
#include "ops/weight_words.h"

namespace dragonet {

static Window window(const Model& model, const Node& node) {
  const Shape& weights = model.input(node, 1).shape;
  return window_of(model, node, weights[1], weights[2], weights[0]);
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Problems wrong =
      gather({check_quantized(model, node, with_int16), check_window(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  if (!model.has_input(node, 1) || model.input(node, 1).shape.size() != 4) return {"its weights are not 4-dimensional"};
  const Shape &weights = model.input(node, 1).shape, &in = model.input(node, 0).shape;
  if (in[3] % weights[3] != 0 || weights[0] % (in[3] / weights[3]) != 0)
    return {
        fmt::format("its weights are {} for {} input channels: no whole number of groups", text_of(weights), in[3])};
  return gather(
      {check_weights(model, node, weights[0], 0), check_kernel(model, node, weights[1], weights[2], weights[0])});
}

static Shape shape(const Model& model, const Node& node) { return shape_of(window(model, node)); }
static Rows rows(const Model& model, const Node& node, int, int y) { return rows_of(window(model, node), y); }

static std::int64_t macs(const Model& model, const Node& node) {
  return element_count(model.output(node).shape) * element_count(model.input(node, 1).shape) /
         model.output(node).shape[3];
}

static int groups_of(const Model& model, const Node& node) {
  return model.input(node, 0).shape[3] / model.input(node, 1).shape[3];
}

/// sum over the window of (x - zero_point) * w, in any arithmetic.
template <typename T, typename Weight, typename Sum>
static Sum sum_at(const Window& w, int groups, const T* in, const Weight* weights, Sum zero_point, int y, int x,
                  int c) {
  Sum sum = 0;
  const int in_each = w.in_c / groups, group = c / (w.out_c / groups);
  for (int ky = 0; ky < w.kernel_h; ++ky)
    for (int kx = 0; kx < w.kernel_w; ++kx) {
      const int in_y = w.in_y(y, ky), in_x = w.in_x(x, kx);
      if (!w.is_inside(in_y, in_x)) continue;
      const T* cell = in + (in_y * w.in_w + in_x) * w.in_c + group * in_each;
      const Weight* weight = weights + ((c * w.kernel_h + ky) * w.kernel_w + kx) * in_each;
      for (int i = 0; i < in_each; ++i) sum += (static_cast<Sum>(cell[i]) - zero_point) * static_cast<Sum>(weight[i]);
    }
  return sum;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Window w = window(model, node);
  run_channels(model, node, bytes, w.out_h, w.out_w, w.out_c,
               [&](auto* in, auto* weights, auto zero_point, int y, int x, int c) {
                 return sum_at(w, groups_of(model, node), in, weights, zero_point, y, x, c);
               });
}

static std::string call_of(int groups, bool pointwise) {
  if (groups > 1) return fmt::format("conv_2d_grouped_row($, {}, in0, y, out, scratch);", groups);
  return pointwise ? "conv_2d_pointwise_row($, in0, y, out);" : "conv_2d_row($, in0, y, out, scratch);";
}

static Emitted emit(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const int groups = groups_of(model, node);
  const bool pointwise = w.kernel_h == 1 && w.kernel_w == 1 && groups == 1;
  Emitted code{.header = "conv_2d.h"};
  code.constants = channel_constants(model, node, w.out_c, 0, w.out_c);
  code.parameters = fmt::format("Conv2D<{}> $ = {{{}, $_weights, {}, {}, {}, {}, {}}}", arithmetic_of(model, node),
                                window_numbers(model, node, w), channel_numbers(model, node), w.out_w, w.out_c, w.in_c,
                                w.kernel_h * w.kernel_w * w.in_c / groups);
  code.scratch_bytes =
      pointwise ? 0 : static_cast<std::size_t>(w.kernel_h) * w.kernel_w * w.in_c * size_of(model.input(node, 0).dtype);
  code.row = call_of(groups, pointwise);
  return code;
}

static bool is_plain_int8(const Model& model, const Node& node) {
  return model.output(node).dtype == DType::int8 && weights_zero_point(model, node) == 0 && groups_of(model, node) == 1;
}

/// Whether all that windows see of the input lies in it.
static bool is_always_inside(const Window& w) {
  return w.pad_top == 0 && w.pad_left == 0 && w.in_y(w.out_h - 1, w.kernel_h - 1) < w.in_h &&
         w.in_x(w.out_w - 1, w.kernel_w - 1) < w.in_w;
}

/// Room for what is under the windows of so many pixels in one row, where kernels have to put it together.
static std::size_t cells_bytes(const Window& w, int pixels) {
  return is_always_inside(w) ? 0 : static_cast<std::size_t>(((pixels - 1) * w.stride_w + w.kernel_w) * w.in_c);
}

/// Of less than three pixels, most of a word would be for nothing.
static bool can_pair(const Model& model, const Node& node) {
  const Window w = window(model, node);
  return is_plain_int8(model, node) && w.dilation_w == 1 && w.out_w >= 3 && w.out_c >= 4 &&
         find_estimates(model, node, w.out_c, 0);
}

static Emitted emit_pairs(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const int taps = w.kernel_h * w.kernel_w * w.in_c;
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const Estimates estimates = *find_estimates(model, node, w.out_c, 0);
  const int pairs = best_pairs(weights, taps, w.out_w);
  Emitted code{.header = "conv_2d_pairs.h"};
  code.constants = channel_constants(model, node, w.out_c, 0, w.out_c);
  code.constants.erase(code.constants.begin());  // the weights are in their runs
  code.constants.push_back(runs_of_pairs(weights, taps, pairs));
  code.constants.push_back(estimates_of_pairs(weights, taps, estimates));
  code.parameters =
      fmt::format("Conv2DPairs $ = {{{}, $_runs, $_estimates, {}, {}, {}}}", window_numbers(model, node, w),
                  estimate_numbers(model, node, estimates, "0"), w.out_w, w.out_c);
  code.scratch_bytes = static_cast<std::size_t>(taps) * pairs * 4 + cells_bytes(w, 2 * pairs);
  code.row = fmt::format("conv_2d_pairs_row<{}>($, in0, y, out, scratch);", pairs);
  return code;
}

static bool can_pair_channels(const Model& model, const Node& node) {
  const Window w = window(model, node);
  return is_plain_int8(model, node) && w.out_w < 3 && w.out_c >= 4 && find_estimates(model, node, w.out_c, 0);
}

static Emitted emit_channel_pairs(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const int taps = w.kernel_h * w.kernel_w * w.in_c;
  const auto weights = values<std::int8_t>(model.input(node, 1));
  const Estimates estimates = *find_estimates(model, node, w.out_c, 0);
  Emitted code{.header = "conv_2d_channel_pairs.h"};
  code.constants = channel_constants(model, node, w.out_c, 0, w.out_c);
  code.constants[0] = words_of_blocks(weights, taps);
  code.constants.push_back(runs_of_blocks(weights, taps));
  code.constants.push_back(estimate_constant(estimates));
  code.parameters =
      fmt::format("Conv2DChannelPairs $ = {{{}, {{$_weights, $_runs, {}, {}}}, {}}}", window_numbers(model, node, w),
                  estimate_numbers(model, node, estimates), w.out_c, w.out_w);
  code.scratch_bytes = static_cast<std::size_t>(taps);
  code.row = "conv_2d_channel_pairs_row($, in0, y, out, scratch);";
  return code;
}

static bool can_use_simd(const Model& model, const Node& node) {
  const Window w = window(model, node);
  return is_plain_int8(model, node) && w.dilation_w == 1 && find_roundings(model, node, w.out_c, 0) &&
         can_share_words(values<std::int8_t>(model.input(node, 1)), folded_bias(model, node, w.out_c, 0));
}

static Emitted emit_simd(const Model& model, const Node& node) {
  const Window w = window(model, node);
  const PatchRows patch{w.kernel_h, w.kernel_w * w.in_c, w.in_c % 4 == 0};
  Emitted code{.header = "conv_2d_simd.h"};
  const auto [min, max] = activation_range(node, model.output(node));
  code.constants = {
      channel_pairs(values<std::int8_t>(model.input(node, 1)), *find_roundings(model, node, w.out_c, 0), patch)};
  code.parameters = fmt::format("Conv2DSimd $ = {{{}, $_pairs, {}, {}, {}, {}, {}}}", window_numbers(model, node, w),
                                min, max, w.out_w, w.out_c, patch.words());
  code.scratch_bytes = static_cast<std::size_t>(12 * patch.words()) + cells_bytes(w, 3);
  code.row = fmt::format("conv_2d_simd_row<{}, {}>($, in0, y, out, scratch);", is_rectified(model, node),
                         patch.words() % 8 == 0);
  return code;
}

static constexpr Variant variants[] = {
    {.name = "pairs of pixels",
     .core = KernelCore::cortex_m0plus,
     .when =
         "int8 in one group, no dilation from column to column, rows of three pixels or more, four channels or more",
     .applies = can_pair,
     .emit = emit_pairs},
    {.name = "pairs of channels",
     .core = KernelCore::cortex_m0plus,
     .when = "int8 in one group, rows of one or two pixels, four channels or more",
     .applies = can_pair_channels,
     .emit = emit_channel_pairs},
    {.name = "two channels and three pixels",
     .core = KernelCore::cortex_m4,
     .when = "int8 in one group, no dilation from column to column",
     .applies = can_use_simd,
     .emit = emit_simd}};

extern const Operator conv_2d{.name = "conv_2d",
                              .options = "Conv2DOptions",
                              .version = 3,
                              .dtypes = "int8, int16, float32",
                              .check = check,
                              .shape = shape,
                              .rows = rows,
                              .macs = macs,
                              .reference = reference,
                              .emit = emit,
                              .quantization = {.has_weights = true, .per_channel_axis = 0},
                              .variants = variants};

}  // namespace dragonet
