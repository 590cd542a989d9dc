// Quantize: float32 to integers, or integers from one scale or type to another. At a model's edges the host does it.
// Source: TensorFlow Lite Micro, kernels/quantize_common.cc, and its kernels/internal/reference/quantize.h and
// requantize.h.
#include <algorithm>
#include <cmath>

#include "ops/unary_operator.h"

namespace dragonet {

static bool is_narrow(DType dtype) { return dtype == DType::int8 || dtype == DType::uint8 || dtype == DType::int16; }

static bool is_pair(DType in, DType out) {
  if (in == DType::int32) return out == DType::int8 || out == DType::int16;
  if (out == DType::int32) return in == DType::int8 || in == DType::int16;
  return is_narrow(out) && (is_narrow(in) || in == DType::float32);
}

/// An int32 leaves no room for a shift to the left.
static Problems check_factor(const Model& model, const Node& node) {
  const double factor = scale_factor(model, node);
  if (model.input(node, 0).dtype != DType::int32) return check_rescale(model, node, factor);
  if (multiplier_of(factor).shift <= 0) return {};
  return {fmt::format("its int32 input's scale is {} times its output's, which should be larger", factor)};
}

static Problems check(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (!is_pair(in.dtype, out.dtype)) return {fmt::format("it turns {} into {}", name_of(in.dtype), name_of(out.dtype))};
  Problems wrong;
  check_one_scale(wrong, out, "output");
  if (in.dtype != DType::float32) check_one_scale(wrong, in, "input");
  return !wrong.empty() || in.dtype == DType::float32 ? wrong : check_factor(model, node);
}

/// Of steps from the output's zero point, clamped before that is added: nothing overflows.
static std::int32_t from_zero_point(const Tensor& out, std::int32_t steps) {
  const auto [min, max] = range_of(out.dtype);
  const std::int32_t zero_point = out.quantization.zero_point[0];
  return std::clamp(steps, min - zero_point, max - zero_point) + zero_point;
}

static std::int32_t quantize_integer(const Model& model, const Node& node, std::int32_t q) {
  const std::int32_t steps = q - model.input(node, 0).quantization.zero_point[0];
  return from_zero_point(model.output(node), rescale(steps, multiplier_of(scale_factor(model, node))));
}

static constexpr Unary unary{quantize_integer};

static std::int32_t quantize_real(const Tensor& out, float real) {
  const float steps = std::round(real / out.quantization.scale[0]);
  const float within = std::fmax(std::fmin(steps, 65536.0f), -65536.0f);  // no number becomes one, too
  return from_zero_point(out, static_cast<std::int32_t>(within));
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.input(node, 0).dtype != DType::float32) return run_unary(unary, model, node, bytes);
  const Tensor& out = model.output(node);
  const auto* in = data_of<float>(bytes, node.inputs[0]);
  const auto count = static_cast<std::size_t>(element_count(out.shape));
  for (std::size_t i = 0; i < count; ++i) set_integer(out.dtype, bytes[node.outputs[0]], i, quantize_real(out, in[i]));
}

static Emitted emit_reals(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  const auto [min, max] = range_of(out.dtype);
  const std::int32_t zero_point = out.quantization.zero_point[0];
  return emit_unary(model, node, "requantize.h", "Quantize",
                    fmt::format("{}, {}, {}, {}", float_text(out.quantization.scale[0]), zero_point, min - zero_point,
                                max - zero_point));
}

static Emitted emit(const Model& model, const Node& node) {
  const DType in = model.input(node, 0).dtype, out = model.output(node).dtype;
  if (in == DType::float32) return emit_reals(model, node);
  if (size_of(in) == 1 && size_of(out) == 1) return emit_lookup(unary, model, node);
  return emit_unary(model, node, "requantize.h", "Requantize", requantize_numbers(model, node, range_of(out)));
}

extern const Operator quantize_op{.name = "quantize",
                                  .options = "",
                                  .version = 1,
                                  .dtypes = "float32, uint8, int8, int16 -> uint8, int8, int16; int32 <-> int8, int16",
                                  .check = check,
                                  .reference = reference,
                                  .emit = emit,
                                  .elementwise = true};

}  // namespace dragonet
