// Quotients, with broadcasting. int8 in fixed point, as TensorFlow Lite Micro's reference does it; int32, which is its
// own value, cut off towards 0; float32. What an int8 or int32 is divided by may be 0 when it is computed, where the
// reference stops: then the answer is the largest or the least that there is, as the sign is, and 0 of 0. FloorDiv and
// FloorMod, of int32 and float32, round quotients towards the smaller. Source: TensorFlow Lite Micro, kernels/div.cc,
// floor_div.cc, floor_mod.cc; its kernels/internal/reference/div.h.
#include <cmath>

#include "kernels/fixed_math.h"
#include "ops/binary_operator.h"

namespace dragonet {

/// In floats, as the reference.
static double factor_of(const Model& model, const Node& node) {
  const auto scale = [](const Tensor& tensor) { return tensor.quantization.scale[0]; };
  return scale(model.input(node, 0)) / (scale(model.input(node, 1)) * scale(model.output(node)));
}

/// Of integers: a float divided by 0 is infinite.
static Problems check_divisor(const Model& model, const Node& node) {
  const Tensor& divisor = model.input(node, 1);
  const auto is_zero = [&](auto value) {
    return value == (divisor.dtype == DType::int8 ? divisor.quantization.zero_point[0] : 0);
  };
  const bool has_zero = divisor.dtype == DType::int8    ? std::ranges::any_of(values<std::int8_t>(divisor), is_zero)
                        : divisor.dtype == DType::int32 ? std::ranges::any_of(values<std::int32_t>(divisor), is_zero)
                                                        : false;
  if (has_zero) return {fmt::format("its divisor {} is a constant that is 0 somewhere", divisor.name)};
  return {};
}

static Problems check_div(const Model& model, const Node& node) {
  Problems wrong =
      gather({check_binary(model, node, {DType::int8, DType::int32, DType::float32}), check_activation(node)});
  if (wrong.empty()) wrong = check_divisor(model, node);
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  const double factor = factor_of(model, node);
  if (factor < 1 << 22) return {};  // so that all shifts together go to the right
  return {fmt::format("its scales make quotients {} times its output's steps", factor)};
}

static Problems check_floor(const Model& model, const Node& node) {
  const Problems wrong = check_binary(model, node, {DType::int32, DType::float32});
  return wrong.empty() ? check_divisor(model, node) : wrong;
}

/// -1 shifted by 31 is the least number.
static std::int32_t shifted(std::int32_t x, int left) {
  return static_cast<std::int32_t>(static_cast<std::uint32_t>(x) << left);
}

/// dividend, divisor: steps above the zero points, neither 0, the divisor above it.
static std::int32_t fixed_quotient(std::int32_t dividend, std::int32_t divisor, Multiplier to_output) {
  const FixedFactor inverse = reciprocal_of(divisor);
  const int headroom = __builtin_clrsb(dividend);
  const std::int32_t scaled = doubling_high_multiply(shifted(dividend, headroom), inverse.multiplier);
  const int right = headroom - inverse.shift - to_output.shift;
  return right > 31 ? 0 : rounding_shift_right(doubling_high_multiply(scaled, to_output.multiplier), right);
}

static void divide_quantized(const Model& model, const Node& node, TensorBytes& bytes) {
  const Multiplier to_output = multiplier_of(factor_of(model, node));
  const auto zero_point = [](const Tensor& tensor) { return tensor.quantization.zero_point[0]; };
  const auto [min, max] = activation_range(node, model.output(node));
  run_pairs<std::int8_t>(model, node, bytes, [&, min = min, max = max](std::int32_t a, std::int32_t b) {
    const std::int32_t sign = b < zero_point(model.input(node, 1)) ? -1 : 1;
    const std::int32_t dividend = sign * (a - zero_point(model.input(node, 0)));
    const std::int32_t divisor = sign * (b - zero_point(model.input(node, 1)));
    if (dividend != 0 && divisor == 0) return dividend < 0 ? min : max;
    const std::int32_t quotient = dividend == 0 ? 0 : fixed_quotient(dividend, divisor, to_output);
    return std::clamp(quotient + zero_point(model.output(node)), min, max);
  });
}

static std::int64_t floor_of(std::int64_t a, std::int64_t b) { return a / b - (a % b != 0 && (a < 0) != (b < 0)); }

static void divide_plain(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto [min, max] = plain_activation_range(node);
  run_pairs<std::int32_t>(model, node, bytes, [&, min = min, max = max](std::int64_t a, std::int64_t b) {
    if (b == 0 && a != 0) return a < 0 ? min : max;
    const std::int64_t quotient = a == 0 ? 0 : node.op == "div" ? a / b : floor_of(a, b);
    return std::clamp(static_cast<std::int32_t>(static_cast<std::uint64_t>(quotient)), min, max);
  });
}

static void divide(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto [min, max] = real_activation_range(node);
  switch (model.output(node).dtype) {
    case DType::int8:
      return divide_quantized(model, node, bytes);
    case DType::int32:
      return divide_plain(model, node, bytes);
    default:
      return run_pairs<float>(model, node, bytes, [&, min = min, max = max](float a, float b) {
        return node.op == "div" ? std::clamp(a / b, min, max) : std::floor(a / b);
      });
  }
}

static float real_rest(float a, float b) {
  const float rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

static void leave(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::float32) return run_pairs<float>(model, node, bytes, real_rest);
  run_pairs<std::int32_t>(model, node, bytes,
                          [](std::int64_t a, std::int64_t b) { return b == 0 ? 0 : a - floor_of(a, b) * b; });
}

static Emitted emit_quantized(const Model& model, const Node& node) {
  const Multiplier factor = multiplier_of(factor_of(model, node));
  return emit_binary(model, node, "div.h", "Div",
                     fmt::format("{}, {}, {}, {}, {}", factor.multiplier, factor.shift,
                                 model.input(node, 0).quantization.zero_point[0],
                                 model.input(node, 1).quantization.zero_point[0], output_numbers(model, node)));
}

static Emitted emit_div(const Model& model, const Node& node) {
  switch (model.output(node).dtype) {
    case DType::int8:
      return emit_quantized(model, node);
    case DType::int32:
      return emit_binary(model, node, "div.h", "PlainDiv<false>", plain_range_numbers(node));
    default:
      return emit_binary(model, node, "div.h", "RealDiv", real_range_numbers(node));
  }
}

static Emitted emit_floor_div(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32) return emit_binary(model, node, "div.h", "RealFloorDiv", "");
  return emit_binary(model, node, "div.h", "PlainDiv<true>", plain_range_numbers(node));
}

static Emitted emit_floor_mod(const Model& model, const Node& node) {
  const bool is_real = model.output(node).dtype == DType::float32;
  return emit_binary(model, node, "div.h", is_real ? "RealFloorMod" : "PlainMod", "");
}

extern const Operator div_op{.name = "div",
                             .options = "DivOptions",
                             .version = 2,
                             .dtypes = "int8, int32, float32",
                             .check = check_div,
                             .shape = broadcast_shape,
                             .rows = broadcast_rows,
                             .reference = divide,
                             .emit = emit_div,
                             .elementwise = true};
extern const Operator floor_div{.name = "floor_div",
                                .options = "",
                                .version = 2,
                                .dtypes = "int32, float32",
                                .check = check_floor,
                                .shape = broadcast_shape,
                                .rows = broadcast_rows,
                                .reference = divide,
                                .emit = emit_floor_div,
                                .quantization = {.in_float = true},
                                .elementwise = true};
extern const Operator floor_mod{.name = "floor_mod",
                                .options = "",
                                .version = 1,
                                .dtypes = "int32, float32",
                                .check = check_floor,
                                .shape = broadcast_shape,
                                .rows = broadcast_rows,
                                .reference = leave,
                                .emit = emit_floor_mod,
                                .quantization = {.in_float = true},
                                .elementwise = true};

}  // namespace dragonet
