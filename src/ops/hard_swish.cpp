// Hard swish, x * relu6(x + 3) / 6, int8 or float32. The int8 form works in 16 bits: x on the output's scale before its
// last shift, times relu6(x + 3) / 6 as a fraction of 1.
// Source: TensorFlow Lite Micro, kernels/hard_swish_common.cc, which works out its factors in float, and its
// kernels/internal/reference/hard_swish.h.
#include "ops/unary_operator.h"

namespace dragonet {

static constexpr int headroom = 7;  // by so many bits a difference of two int8 can be shifted left in 16 bits

namespace {
struct Multiplier16 {
  std::int32_t multiplier;  // 15 bits
  int shift;
};
struct Factors {
  float output, fraction;  // to the output's scale; to where 3 is 2^15
};
}  // namespace

static Factors factors_of(const Model& model, const Node& node) {
  const float in = 1.0f / (1 << headroom) * model.input(node, 0).quantization.scale[0];
  return {in / model.output(node).quantization.scale[0], in / (3.0f / 32768)};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node);
  if (!wrong.empty() || model.output(node).dtype == DType::float32) return wrong;
  const auto [output, fraction] = factors_of(model, node);
  if (!(output < 1 && multiplier_of(output).shift <= 0 && fraction < 0x1p30f))
    return {fmt::format("its input's scale {} is too large, or its output's {} too small for it",
                        model.input(node, 0).quantization.scale[0], model.output(node).quantization.scale[0])};
  return {};
}

static Multiplier16 short_multiplier_of(double factor) {
  const Multiplier whole = multiplier_of(factor);
  const std::int32_t rounded =
      whole.multiplier >= INT32_MAX - (1 << 15) ? INT16_MAX : (whole.multiplier + (1 << 15)) >> 16;
  return {rounded, whole.shift};
}

static std::int32_t saturate(std::int64_t x) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(x, INT16_MIN, INT16_MAX));
}

/// (a * b) >> 15 of 16 bits, rounded, halves away from zero.
static std::int32_t rounded_product(std::int32_t a, std::int32_t b) {
  const std::int32_t product = a * b, half = product >= 0 ? 1 << 14 : 1 - (1 << 14);
  return (product + half) / (1 << 15);
}

/// 2^15 * relu6(x + 3) / 6. A shift to the left saturates, but for its last bit only before the multiplication.
static std::int32_t fraction_of(std::int32_t x, Multiplier16 factor) {
  const int left = std::max(factor.shift, 0), right = std::max(-factor.shift, 0);
  std::int32_t value = left > 0 ? saturate(std::int64_t{x} << (left - 1)) : x;
  value = rounded_product(value, factor.multiplier);
  value = left > 0 ? saturate(std::int64_t{value} * 2) : rounding_shift_right(value, right);
  return (value + (1 << 15)) >> 1;
}

static std::int32_t hard_swish_integer(const Model& model, const Node& node, std::int32_t q) {
  const auto [output, fraction] = factors_of(model, node);
  const Multiplier16 to_output = short_multiplier_of(output);
  const std::int32_t x = (q - model.input(node, 0).quantization.zero_point[0]) * (1 << headroom);
  const std::int32_t product =
      fraction_of(x, short_multiplier_of(fraction)) * rounded_product(x, to_output.multiplier) / (1 << 15);
  const std::int32_t steps = rounding_shift_right(product, -to_output.shift);
  return std::clamp(steps + model.output(node).quantization.zero_point[0], -128, 127);
}

static float hard_swish_real(const Node&, float x) { return x * std::clamp(x + 3, 0.0f, 6.0f) / 6; }

static constexpr Unary unary{hard_swish_integer, hard_swish_real};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  return model.input(node, 0).dtype == DType::int8 ? emit_lookup(unary, model, node)
                                                   : emit_unary(model, node, "hard_swish.h", "RealHardSwish", "");
}

extern const Operator hard_swish{.name = "hard_swish",
                                 .options = "HardSwishOptions",
                                 .version = 1,
                                 .dtypes = "int8, float32",
                                 .check = check,
                                 .reference = reference,
                                 .emit = emit,
                                 .elementwise = true};

}  // namespace dragonet
