// Squared differences, int8, int16, int32 or float32, with broadcasting. Integers with scales are brought to twice the
// larger input scale first, int8 after a left shift by 7. Source: TensorFlow Lite Micro, kernels/squared_difference.cc.
#include "ops/binary_operator.h"

namespace dragonet {

static int left_shift_of(const Tensor& output) { return output.dtype == DType::int16 ? 0 : 7; }

namespace {
/// Of the inputs, to the common scale; of the square, from there to the output's.
struct Factors {
  double first, second, output;
};
}  // namespace

static Factors factors_of(const Model& model, const Node& node) {
  const double first = model.input(node, 0).quantization.scale[0], second = model.input(node, 1).quantization.scale[0];
  const Tensor& out = model.output(node);
  const double common = 2 * std::max(first, second);
  const float steps = static_cast<float>(1 << 2 * left_shift_of(out)) * out.quantization.scale[0];
  return {first / common, second / common, common * common / static_cast<double>(steps)};
}

/// The square of a difference takes up to 31 bits.
static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_binary(model, node, with_int32);
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  if (const double factor = factors_of(model, node).output; !(factor < 1))
    return {
        fmt::format("its output's scale {} is too small for its inputs'", model.output(node).quantization.scale[0])};
  return {};
}

template <typename T>
static void run_quantized(const Model& model, const Node& node, TensorBytes& bytes) {
  const Factors factors = factors_of(model, node);
  const auto term = [&](int input, double factor, std::int32_t q) {
    const std::int32_t steps = q - model.input(node, input).quantization.zero_point[0];
    return rescale(steps * (1 << left_shift_of(model.output(node))), multiplier_of(factor));
  };
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  const auto [min, max] = activation_range(node, model.output(node));
  run_pairs<T>(model, node, bytes, [&, min = min, max = max](std::int32_t a, std::int32_t b) {
    const std::int32_t difference = term(0, factors.first, a) - term(1, factors.second, b);
    return std::clamp(rescale(difference * difference, multiplier_of(factors.output)) + zero_point, min, max);
  });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  switch (model.output(node).dtype) {
    case DType::int8:
      return run_quantized<std::int8_t>(model, node, bytes);
    case DType::int16:
      return run_quantized<std::int16_t>(model, node, bytes);
    case DType::int32:
      return run_plain_pairs(model, node, bytes, [](std::uint32_t a, std::uint32_t b) { return (a - b) * (a - b); });
    default:
      return run_pairs<float>(model, node, bytes, [](float a, float b) { return (a - b) * (a - b); });
  }
}

static std::string input_numbers(const Model& model, const Node& node, int input, double factor) {
  const Multiplier to_common = multiplier_of(factor);
  return fmt::format("{{{}, {}, {}}}", to_common.multiplier, to_common.shift,
                     model.input(node, input).quantization.zero_point[0]);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& out = model.output(node);
  if (out.dtype == DType::float32) return emit_binary(model, node, "div.h", "RealSquaredDifference", "");
  if (out.dtype == DType::int32) return emit_binary(model, node, "div.h", "PlainSquaredDifference", "");
  const Factors factors = factors_of(model, node);
  const Multiplier to_output = multiplier_of(factors.output);
  return emit_binary(model, node, "div.h", fmt::format("SquaredDifference<{}>", left_shift_of(out)),
                     fmt::format("{}, {}, {}, {}, {}", input_numbers(model, node, 0, factors.first),
                                 input_numbers(model, node, 1, factors.second), to_output.multiplier,
                                 output_numbers(model, node), to_output.shift));
}

extern const Operator squared_difference{.name = "squared_difference",
                                         .options = "",
                                         .version = 2,
                                         .dtypes = "int8, int16, int32, float32",
                                         .check = check,
                                         .shape = broadcast_shape,
                                         .rows = broadcast_rows,
                                         .reference = reference,
                                         .emit = emit,
                                         .elementwise = true};

}  // namespace dragonet
