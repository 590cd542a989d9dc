// Parametric ReLU, int8 or float32: what is negative is multiplied by an alpha of its own, often one per channel, which
// is broadcast to the input's shape.
// Source: TensorFlow Lite Micro, kernels/prelu_common.cc, and its kernels/internal/reference/prelu.h.
#include "ops/binary_operator.h"

namespace dragonet {

namespace {
struct Factors {
  double positive, negative;  // of a value; of a value times alpha
};
}  // namespace

static Factors factors_of(const Model& model, const Node& node) {
  const double in = model.input(node, 0).quantization.scale[0], alpha = model.input(node, 1).quantization.scale[0];
  const double out = model.output(node).quantization.scale[0];
  return {in / out, in * alpha / out};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_binary(model, node, {DType::int8, DType::float32});
  if (!wrong.empty()) return wrong;
  if (const Shape& in = model.input(node, 0).shape; broadcast_shape(model, node) != in)
    return {fmt::format("its alpha of {} is larger than its input of {}", text_of(model.input(node, 1).shape),
                        text_of(in))};
  if (model.output(node).dtype == DType::float32) return {};
  const auto [positive, negative] = factors_of(model, node);
  if (!(255 * 2 * positive <= INT32_MAX && 255 * 255 * 2 * negative <= INT32_MAX))
    return {fmt::format("its scales make factors of {} and {}: that overflows 32 bits", positive, negative)};
  return {};
}

static void prelu_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto [positive, negative] = factors_of(model, node);
  const Multiplier of_positive = multiplier_of(positive), of_negative = multiplier_of(negative);
  const std::int32_t in_zero_point = model.input(node, 0).quantization.zero_point[0];
  const std::int32_t alpha_zero_point = model.input(node, 1).quantization.zero_point[0];
  const std::int32_t out_zero_point = model.output(node).quantization.zero_point[0];
  run_pairs<std::int8_t>(model, node, bytes, [&](std::int32_t q, std::int32_t alpha) {
    const std::int32_t x = q - in_zero_point;
    const std::int32_t scaled = x >= 0 ? rescale(x, of_positive) : rescale(x * (alpha - alpha_zero_point), of_negative);
    return std::clamp(scaled + out_zero_point, -128, 127);
  });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::float32)
    run_pairs<float>(model, node, bytes, [](float x, float alpha) { return x >= 0 ? x : x * alpha; });
  else
    prelu_integers(model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32) return emit_binary(model, node, "prelu.h", "RealPrelu", "");
  const auto [positive, negative] = factors_of(model, node);
  const Multiplier of_positive = multiplier_of(positive), of_negative = multiplier_of(negative);
  return emit_binary(
      model, node, "prelu.h", "Prelu",
      fmt::format("{}, {}, {}, {}, {}, {}, {}", of_positive.multiplier, of_negative.multiplier, of_positive.shift,
                  of_negative.shift, model.input(node, 0).quantization.zero_point[0],
                  model.input(node, 1).quantization.zero_point[0], model.output(node).quantization.zero_point[0]));
}

extern const Operator prelu{.name = "prelu",
                            .options = "",
                            .version = 1,
                            .dtypes = "int8, float32",
                            .check = check,
                            .shape = broadcast_shape,
                            .rows = broadcast_rows,
                            .reference = reference,
                            .emit = emit,
                            .elementwise = true};

}  // namespace dragonet
