// Products, int8, int16, int32 or float32, with broadcasting. Source: TensorFlow Lite 8-bit quantization specification,
// MUL; TensorFlow Lite Micro, kernels/mul_common.cc, and its kernels/internal/reference/integer_ops/mul.h.
#include "ops/binary_operator.h"

namespace dragonet {

static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} * model.input(node, 1).quantization.scale[0] /
         model.output(node).quantization.scale[0];
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_binary(model, node, with_int32), check_activation(node)});
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  const double largest = model.output(node).dtype == DType::int16 ? 0x1p30 : 255 * 255;
  if (const double factor = factor_of(model, node); !(largest * std::max(1.0, 2 * factor) <= INT32_MAX))
    return {fmt::format("its inputs' scales make {} times its output's: that overflows 32 bits", factor)};
  return {};
}

template <typename T>
static void multiply_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  const Multiplier factor = multiplier_of(factor_of(model, node));
  const auto zero_point = [&](const Tensor& tensor) { return tensor.quantization.zero_point[0]; };
  const std::int32_t first = zero_point(model.input(node, 0)), second = zero_point(model.input(node, 1));
  const auto [min, max] = activation_range(node, model.output(node));
  run_pairs<T>(model, node, bytes, [&, min = min, max = max](std::int32_t a, std::int32_t b) {
    return std::clamp(rescale((a - first) * (b - second), factor) + zero_point(model.output(node)), min, max);
  });
}

static void multiply_reals(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto [min, max] = real_activation_range(node);
  run_pairs<float>(model, node, bytes,
                   [min = min, max = max](float a, float b) { return std::clamp(a * b, min, max); });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::float32)
    multiply_reals(model, node, bytes);
  else if (model.output(node).dtype == DType::int32)
    run_plain_pairs(model, node, bytes, [](std::uint32_t a, std::uint32_t b) { return a * b; });
  else if (model.output(node).dtype == DType::int16)
    multiply_integers<std::int16_t>(model, node, bytes);
  else
    multiply_integers<std::int8_t>(model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32)
    return emit_binary(model, node, "mul.h", "RealMul", real_range_numbers(node));
  if (model.output(node).dtype == DType::int32)
    return emit_binary(model, node, "mul.h", "PlainMul", plain_range_numbers(node));
  const Multiplier factor = multiplier_of(factor_of(model, node));
  return emit_binary(
      model, node, "mul.h", "Mul",
      fmt::format("{}, {}, {}, {}, {}", factor.multiplier, output_numbers(model, node), factor.shift,
                  model.input(node, 0).quantization.zero_point[0], model.input(node, 1).quantization.zero_point[0]));
}

extern const Operator mul{.name = "mul",
                          .options = "MulOptions",
                          .version = 2,
                          .dtypes = "int8, int16, int32, float32",
                          .check = check,
                          .shape = broadcast_shape,
                          .rows = broadcast_rows,
                          .reference = reference,
                          .emit = emit,
                          .elementwise = true};

}  // namespace dragonet
