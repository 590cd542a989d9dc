// Softmax over the last dimension, int8 to int8 with scale 1/256 and zero point -128, or float32.
// The int8 form is fixed-point, as in TensorFlow Lite Micro's reference: Q5 logits, Q12 sum, Newton for its reciprocal.
// Source: TensorFlow Lite 8-bit quantization specification, SOFTMAX; gemmlowp fixedpoint/fixedpoint.h.
#include <cmath>

#include "ops/emit.h"

namespace dragonet {

static constexpr int integer_bits = 5;
static constexpr int most_classes = 4095;  // so many equal ones still fit the sum, Q12

static float beta_of(const Node& node) { return static_cast<float>(node.real("beta")); }

/// From logits to Q5.
static double factor_of(const Model& model, const Node& node) {
  return double{beta_of(node)} * model.input(node, 0).quantization.scale[0] * (1 << (31 - integer_bits));
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  Problems wrong = check_quantized(model, node);
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.shape.empty() || element_count(in.shape) != in.shape.back() || in.shape.back() > most_classes)
    return {
        fmt::format("its input is {}; one row of at most {} classes is supported", text_of(in.shape), most_classes)};
  if (!(beta_of(node) > 0) || std::isinf(beta_of(node)))
    return {fmt::format("its beta is {}, not a positive number", beta_of(node))};
  if (out.dtype == DType::int8 && (out.quantization.scale[0] != 1.0f / 256 || out.quantization.zero_point[0] != -128))
    wrong.push_back("its output's scale is not 1/256 with zero point -128");
  if (in.dtype == DType::int8 && factor_of(model, node) < 1)
    wrong.push_back(
        fmt::format("its input's scale {} is so small that all classes are equal", in.quantization.scale[0]));
  return wrong;
}

/// From int8 logits to Q5 logits, and the least difference to the largest that still counts.
namespace {
struct Scaling {
  Multiplier factor;
  std::int32_t diff_min;
};
}  // namespace

static Scaling scaling_of(const Model& model, const Node& node) {
  const double largest = (std::int64_t{1} << 31) - 1.0;
  const Multiplier factor = multiplier_of(std::min(factor_of(model, node), largest));
  const double radius = ((1 << integer_bits) - 1) * std::ldexp(1.0, 31 - integer_bits) / std::ldexp(1.0, factor.shift);
  return {factor, -static_cast<std::int32_t>(std::floor(radius))};
}

static std::int32_t saturate(std::int64_t x) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(x, INT32_MIN, INT32_MAX));
}

/// exp(a) in Q0 for a Q5 a <= 0.
static std::int32_t exp_fixed(std::int32_t a) {
  constexpr std::int32_t quarter = 1 << 24;
  constexpr std::int32_t exp_quarters[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  if (a == 0) return INT32_MAX;
  const std::int32_t fraction = (a & (quarter - 1)) - quarter;                          // [-1/4, 0)
  const std::int32_t x = saturate(std::int64_t{fraction} << integer_bits) + (1 << 28);  // around -1/8, Q0
  const std::int32_t x2 = doubling_high_multiply(x, x), x3 = doubling_high_multiply(x2, x),
                     x4 = doubling_high_multiply(x2, x2);
  const std::int32_t sum =
      doubling_high_multiply(rounding_shift_right(x4, 2) + x3, 715827883) + x2;  // x4/12 + x3/3 + x2
  std::int32_t result = 1895147668 + doubling_high_multiply(1895147668, x + rounding_shift_right(sum, 1));
  for (int bit = 0; bit < 7; ++bit)
    if ((fraction - a) & (quarter << bit)) result = doubling_high_multiply(result, exp_quarters[bit]);
  return result;
}

/// 1 / (1 + a) in Q0 for a Q0 a in [0, 1): Newton's method on half the denominator, from 48/17 - 32/17 x.
static std::int32_t reciprocal(std::int32_t a) {
  const auto half = static_cast<std::int32_t>((std::int64_t{a} + INT32_MAX + 1) / 2);
  std::int32_t x = 1515870810 + doubling_high_multiply(half, -1010580540);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t error = (1 << 29) - doubling_high_multiply(half, x);
    x += saturate(std::int64_t{doubling_high_multiply(x, error)} << 2);
  }
  return saturate(std::int64_t{x} << 1);
}

static void softmax_int8(const Scaling& scaling, const std::int8_t* in, int count, std::int8_t* out) {
  const std::int32_t largest = *std::max_element(in, in + count);
  const auto exp_of = [&](int c) {
    const std::int32_t diff = (in[c] - largest) * (1 << scaling.factor.shift);
    return exp_fixed(doubling_high_multiply(diff, scaling.factor.multiplier));
  };
  const auto counts = [&](int c) { return in[c] - largest >= scaling.diff_min; };
  std::int32_t sum = 0;
  for (int c = 0; c < count; ++c)
    if (counts(c)) sum += rounding_shift_right(exp_of(c), 12);
  const int headroom = __builtin_clz(static_cast<unsigned>(sum));
  const std::int32_t scale =
      reciprocal(static_cast<std::int32_t>((static_cast<std::uint32_t>(sum) << headroom) & INT32_MAX));
  const int exponent = 12 - headroom + 31 - 8;  // above 31, from 512 equal classes on, every share rounds to 0
  for (int c = 0; c < count; ++c) {
    const bool is_share = counts(c) && exponent <= 31;
    const std::int32_t q =
        is_share ? rounding_shift_right(doubling_high_multiply(scale, exp_of(c)), exponent) - 128 : -128;
    out[c] = static_cast<std::int8_t>(std::clamp(q, -128, 127));
  }
}

static void softmax_real(float beta, const float* in, int count, float* out) {
  const float largest = *std::max_element(in, in + count);
  float sum = 0;
  for (int c = 0; c < count; ++c) sum += out[c] = std::exp((in[c] - largest) * beta);
  for (int c = 0; c < count; ++c) out[c] /= sum;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const int in = node.inputs[0], out = node.outputs[0], count = model.input(node, 0).shape.back();
  if (model.input(node, 0).dtype == DType::float32)
    softmax_real(beta_of(node), data_of<float>(bytes, in), count, data_of<float>(bytes, out));
  else
    softmax_int8(scaling_of(model, node), data_of<std::int8_t>(bytes, in), count, data_of<std::int8_t>(bytes, out));
}

static Emitted emit(const Model& model, const Node& node) {
  const Scaling scaling = scaling_of(model, node);
  return {.header = "softmax.h",
          .constants = {},
          .parameters = fmt::format("Softmax $ = {{{}, {}, {}, {}}}", scaling.factor.multiplier, scaling.diff_min,
                                    model.input(node, 0).shape.back(), scaling.factor.shift),
          .row = "softmax_row($, in0, y, out);"};
}

extern const Operator softmax{.name = "softmax",
                              .options = "SoftmaxOptions",
                              .version = 2,
                              .dtypes = "int8, float32",
                              .check = check,
                              .reference = reference,
                              .emit = emit,
                              .quantization = {.fixed_output = {{1.0f / 256}, {-128}, 0}}};

}  // namespace dragonet
