#include "ops/pooling.h"

#include "ops/quantized.h"

namespace dragonet {

static int filter_height(const Node& node) { return static_cast<int>(node.integer("filter_height")); }
static int filter_width(const Node& node) { return static_cast<int>(node.integer("filter_width")); }

Window pool_window(const Model& model, const Node& node) {
  return window_of(model, node, filter_height(node), filter_width(node), model.input(node, 0).shape[3]);
}

Problems check_pool(const Model& model, const Node& node) {
  const Problems wrong =
      gather({check_quantized(model, node, with_int16), check_window(model, node), check_activation(node)});
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (is_quantized(in.dtype) && in.quantization != out.quantization)
    return {"its input and output are quantized differently"};
  return check_kernel(model, node, filter_height(node), filter_width(node), in.shape[3]);
}

Shape pool_shape(const Model& model, const Node& node) { return shape_of(pool_window(model, node)); }
Rows pool_rows(const Model& model, const Node& node, int, int y) { return rows_of(pool_window(model, node), y); }

static std::string limits_text(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32) {
    const auto [min, max] = real_activation_range(node);
    return float_text(min) + ", " + float_text(max);
  }
  const auto [min, max] = activation_range(node, model.output(node));
  return fmt::format("{}, {}", min, max);
}

Emitted emit_pool(const Model& model, const Node& node, const std::string& kernel) {
  const Window w = pool_window(model, node);
  Emitted code{.header = "pool_2d.h"};
  code.parameters = fmt::format("Pool2D<{}> $ = {{{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}}}",
                                c_type(model.input(node, 0).dtype), w.in_h, w.in_w, w.in_c, w.out_w, w.kernel_h,
                                w.kernel_w, w.stride_h, w.stride_w, w.pad_top, w.pad_left, limits_text(model, node));
  code.row = kernel + "($, in0, y, out);";
  return code;
}

}  // namespace dragonet
