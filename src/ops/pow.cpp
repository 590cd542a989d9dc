// Powers, float32 or int32, which wraps around, with broadcasting. TensorFlow Lite Micro has none.
// Source: TensorFlow Lite, kernels/pow.cc.
#include <cmath>

#include "ops/binary_operator.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) {
  return check_binary(model, node, {DType::int32, DType::float32});
}

/// Of a negative exponent what is left of 1 / base^n, cut off.
static std::int32_t integer_power(std::int32_t base, std::int32_t exponent) {
  if (exponent < 0) return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  std::uint32_t power = 1, square = static_cast<std::uint32_t>(base);
  for (; exponent > 0; exponent /= 2, square *= square)
    if (exponent % 2 == 1) power *= square;
  return static_cast<std::int32_t>(power);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::int32) return run_pairs<std::int32_t>(model, node, bytes, integer_power);
  run_pairs<float>(model, node, bytes, [](float base, float exponent) { return std::pow(base, exponent); });
}

static Emitted emit(const Model& model, const Node& node) {
  const bool is_real = model.output(node).dtype == DType::float32;
  return emit_binary(model, node, "div.h", is_real ? "RealPow" : "PlainPow", "");
}

extern const Operator pow_op{.name = "pow",
                             .options = "",
                             .version = 1,
                             .dtypes = "int32, float32",
                             .check = check,
                             .shape = broadcast_shape,
                             .rows = broadcast_rows,
                             .reference = reference,
                             .emit = emit,
                             .quantization = {.in_float = true},
                             .elementwise = true};

}  // namespace dragonet
