// Mean and sum along any dimensions. Input and output may be quantized differently: integers are summed, less the zero
// point of each, and rescaled; a mean's 1 / count goes into the multiplier first. Of int32, which is its own value, a
// sum wraps around and a mean is cut off towards 0.
// Source: TensorFlow Lite Micro, reference/reduce.h, QuantizedMeanOrSum and Mean; so it does in its present version
// where both are quantized alike, too (before, it then divided the plain sum and cut off what was left).
#include <bit>
#include <cmath>

#include "ops/reduction.h"

namespace dragonet {

static bool is_mean(const Node& node) { return node.op == "mean"; }

/// What a sum is divided by.
static std::int64_t divisor_of(const Model& model, const Node& node) {
  return is_mean(node) ? reduced_count(model, node) : 1;
}

static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} / model.output(node).quantization.scale[0];
}

/// The mean's multiplier keeps as many bits as its division and the shift leave room for.
static Multiplier multiplier_for(const Model& model, const Node& node) {
  const Multiplier factor = multiplier_of(factor_of(model, node));
  if (!is_mean(node)) return factor;
  const auto count = static_cast<std::uint64_t>(reduced_count(model, node));
  const int bits = std::min({63 - std::countl_zero(count), 32, 31 + factor.shift});
  const std::int64_t shifted = std::int64_t{factor.multiplier} << bits;
  return {static_cast<std::int32_t>(shifted / static_cast<std::int64_t>(count)), factor.shift - bits};
}

static Problems check_arithmetic(const Model& model, const Node& node) {
  if (!is_quantized(model.input(node, 0).dtype)) return {};
  const double largest = model.input(node, 0).dtype == DType::int16 ? 32768 : 255;
  const double sum = (largest + 1) * static_cast<double>(reduced_count(model, node));
  if (sum * std::ldexp(1.0, std::max(0, multiplier_for(model, node).shift)) <= INT32_MAX) return {};
  return {fmt::format("its sums of {} values can reach {}, times {}: that overflows 32 bits",
                      reduced_count(model, node), sum, factor_of(model, node))};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = check_quantized(model, node, with_int32);
  if (wrong.empty()) wrong = check_axes(model, node);
  if (!wrong.empty()) return wrong;
  // Another number of values is refused for all operators.
  const bool is_shape = element_count(model.output(node).shape) == element_count(reduced_shape(model, node));
  return is_shape ? check_arithmetic(model, node) : Problems{};
}

template <typename Value>
static void run_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  auto* out = data_of<Value>(bytes, node.outputs[0]);
  const Tensor &input = model.input(node, 0), &output = model.output(node);
  const std::int64_t zero_points = input.quantization.zero_point[0] * reduced_count(model, node);
  const auto [min, max] = activation_range(node, output);
  for (const std::int64_t sum : reduced<Value>(model, node, bytes, std::int64_t{0}, std::plus<std::int64_t>())) {
    const std::int32_t q = rescale(static_cast<std::int32_t>(sum - zero_points), multiplier_for(model, node));
    *out++ = static_cast<Value>(std::clamp(q + output.quantization.zero_point[0], min, max));
  }
}

static void run_plain(const Model& model, const Node& node, TensorBytes& bytes) {
  auto* out = data_of<std::int32_t>(bytes, node.outputs[0]);
  const std::int64_t divisor = divisor_of(model, node);
  for (const std::int64_t sum : reduced<std::int32_t>(model, node, bytes, std::int64_t{0}, std::plus<std::int64_t>()))
    *out++ = static_cast<std::int32_t>(static_cast<std::uint64_t>(sum / divisor));
}

static void run_reals(const Model& model, const Node& node, TensorBytes& bytes) {
  float* out = data_of<float>(bytes, node.outputs[0]);
  const auto divisor = static_cast<float>(divisor_of(model, node));
  for (const float sum : reduced<float>(model, node, bytes, 0.0f, std::plus<float>())) *out++ = sum / divisor;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  switch (model.input(node, 0).dtype) {
    case DType::float32:
      return run_reals(model, node, bytes);
    case DType::int32:
      return run_plain(model, node, bytes);
    case DType::int16:
      return run_integers<std::int16_t>(model, node, bytes);
    default:
      return run_integers<std::int8_t>(model, node, bytes);
  }
}

static Emitted emit_integers(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  const Multiplier factor = multiplier_for(model, node);
  const std::string numbers = fmt::format("{}, {}, {}, {}", -in.quantization.zero_point[0] * reduced_count(model, node),
                                          factor.multiplier, factor.shift, output_numbers(model, node));
  const bool is_small = in.dtype == DType::int8 && reduced_count(model, node) <= 256;  // 256 * -128: the least int16
  return emit_reduction(model, node, fmt::format("IntegerSum<{}>", c_type(in.dtype)), numbers,
                        is_small ? "int16_t" : "int32_t", is_small ? 2 : 4);
}

static Emitted emit(const Model& model, const Node& node) {
  const std::int64_t divisor = divisor_of(model, node);
  switch (model.input(node, 0).dtype) {
    case DType::float32:
      return emit_reduction(model, node, "RealSum", float_text(static_cast<float>(divisor)), "float", 4);
    case DType::int32:
      return emit_reduction(model, node, "PlainSum", std::to_string(divisor), "", 0);
    default:
      return emit_integers(model, node);
  }
}

static constexpr Operator operator_named(const char* name) {
  return {.name = name,
          .options = "ReducerOptions",
          .version = 2,
          .dtypes = "int8, int16, int32, float32",
          .check = check,
          .shape = reduced_shape,
          .rows = reduction_rows,
          .reference = reference,
          .emit = emit};
}

extern const Operator mean = operator_named("mean");
extern const Operator sum = operator_named("sum");

}  // namespace dragonet
