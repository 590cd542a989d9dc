// The logarithm of softmax over the last dimension, int8 to int8 with scale 1/16 and zero point 127, or float32. int8
// is in fixed point: Q5 logits, Q12 sum, its logarithm in Q5. Source: TensorFlow Lite 8-bit quantization specification,
// LOG_SOFTMAX; TensorFlow Lite Micro, kernels/log_softmax.cc, its kernels/internal/reference/log_softmax.h and
// kernels/internal/quantization_util.cc.
#include <cmath>

#include "kernels/fixed_math.h"
#include "ops/emit.h"

namespace dragonet {

static constexpr int integer_bits = 5, most_classes = 4095;  // so many equal ones still fit the sum: Q12

static Quantization output_quantization() { return {{1.0f / 16}, {127}, 0}; }

/// From logits to Q5.
static double factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} * (1 << (31 - integer_bits));
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node);
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.shape.empty()) return {"its input has no dimensions"};
  if (in.dtype == DType::float32) return {};
  if (in.shape.back() > most_classes)
    return {fmt::format("it has {} classes; at most {} are supported", in.shape.back(), most_classes)};
  if (out.quantization.scale != output_quantization().scale || out.quantization.zero_point[0] != 127)
    return {"its output's scale is not 1/16 with zero point 127"};
  if (const double factor = factor_of(model, node); !(factor > 1 && factor < 0x1p31))
    return {fmt::format("its input's scale {} is not between 2^-26 and 32", in.quantization.scale[0])};
  return {};
}

namespace {
struct Scaling {
  Multiplier factor, reverse;  // from logits to Q5 and back
  std::int32_t diff_min;       // where logit - largest logit is less, its share is nothing
};
}  // namespace

static Scaling scaling_of(const Model& model, const Node& node) {
  const Multiplier factor = multiplier_of(std::min(factor_of(model, node), static_cast<double>(INT32_MAX)));
  const double back = static_cast<double>(std::int64_t{1} << (31 - factor.shift)) / factor.multiplier;
  const double radius = std::floor(std::ldexp((1 << integer_bits) - 1, 31 - integer_bits - factor.shift));
  return {factor, multiplier_of(back), -static_cast<std::int32_t>(radius)};
}

static void of_int8(const Scaling& scaling, const std::int8_t* in, int count, std::int8_t* out) {
  const std::int32_t largest = *std::max_element(in, in + count);
  std::int32_t sum = 0;
  for (int c = 0; c < count; ++c)
    if (in[c] - largest >= scaling.diff_min)
      sum += rounding_shift_right(exp_on_negative(rescale(in[c] - largest, scaling.factor)), 12);
  const std::int32_t log_sum = log_of_q12(sum);
  const std::int32_t limit = std::max(scaling.diff_min - 1, rescale(log_sum + INT32_MIN, scaling.reverse));
  for (int c = 0; c < count; ++c) {
    const std::int32_t diff = in[c] - largest;
    const std::int32_t q = rounding_shift_right(rescale(diff, scaling.factor) - log_sum, 22) + 127;
    out[c] = static_cast<std::int8_t>(diff > limit ? std::clamp(q, -128, 127) : -128);
  }
}

static void of_reals(const float* in, int count, float* out) {
  const float largest = *std::max_element(in, in + count);
  float sum = 0;
  for (int c = 0; c < count; ++c) sum += std::exp(in[c] - largest);
  for (int c = 0; c < count; ++c) out[c] = in[c] - largest - std::log(sum);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor& input = model.input(node, 0);
  const int in = node.inputs[0], out = node.outputs[0], count = input.shape.back();
  for (std::int64_t at = 0; at < element_count(input.shape); at += count)
    if (input.dtype == DType::float32)
      of_reals(data_of<float>(bytes, in) + at, count, data_of<float>(bytes, out) + at);
    else
      of_int8(scaling_of(model, node), data_of<std::int8_t>(bytes, in) + at, count,
              data_of<std::int8_t>(bytes, out) + at);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  Emitted code{.header = "normalize.h"};
  code.row = "normalize_row($, in0, y, out);";
  code.parameters = fmt::format("LogSoftmaxReal $ = {{{}}}", in.shape.back());
  if (in.dtype == DType::float32) return code;
  const auto [factor, reverse, diff_min] = scaling_of(model, node);
  code.parameters = fmt::format("LogSoftmax $ = {{{{{}, {}, {}, {}}}, {}, {}}}", factor.multiplier, diff_min,
                                in.shape.back(), factor.shift, reverse.multiplier, reverse.shift);
  return code;
}

extern const Operator log_softmax{.name = "log_softmax",
                                  .options = "",
                                  .version = 2,
                                  .dtypes = "int8, float32",
                                  .check = check,
                                  .reference = reference,
                                  .emit = emit,
                                  .quantization = {.fixed_output = output_quantization()}};

}  // namespace dragonet
