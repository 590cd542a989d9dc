// Softmax over the last dimension, int8 to int8 with scale 1/256 and zero point -128 or to int16 with scale 1/65536 and
// zero point -32768, int16 to int16 with scale 1/32768, or float32. The integer forms are those of TensorFlow Lite
// Micro's reference. int8 is fixed-point: Q5 logits, Q12 sum, Newton for its reciprocal. int16 looks up exp and 1 / (1
// + x) in tables of 513 values, with straight lines between. Source: TensorFlow Lite 8-bit quantization specification,
// SOFTMAX; gemmlowp fixedpoint/fixedpoint.h; TensorFlow Lite Micro, reference/softmax.h, internal/common.h
// (LUTPopulate, LUTLookup) and micro/kernels/softmax_common.cc.
#include <algorithm>
#include <cmath>
#include <limits>

#include "ops/emit.h"

namespace dragonet {

static constexpr int integer_bits = 5;

/// So many equal ones still fit the sum: Q12 of int8.
static int most_classes(DType dtype) { return dtype == DType::int8 ? 4095 : 32767; }

static float beta_of(const Node& node) { return static_cast<float>(node.real("beta")); }

/// From logits to Q5.
static double factor_of(const Model& model, const Node& node) {
  return double{beta_of(node)} * model.input(node, 0).quantization.scale[0] * (1 << (31 - integer_bits));
}

/// Of int16, from differences to 65535 steps that span 10.
static double wide_factor_of(const Model& model, const Node& node) {
  return double{model.input(node, 0).quantization.scale[0]} * beta_of(node) / (10.0 / 65535.0);
}

static bool is_widening(const Model& model, const Node& node) {
  return model.input(node, 0).dtype == DType::int8 && model.output(node).dtype == DType::int16;
}

namespace {
struct OutputScale {
  int steps;  // of 1
  std::int32_t zero_point;
};
}  // namespace

static OutputScale output_scale(const Model& model, const Node& node) {
  if (is_widening(model, node)) return {65536, -32768};
  return model.output(node).dtype == DType::int16 ? OutputScale{32768, 0} : OutputScale{256, -128};
}

static Problems check_output_scale(const Model& model, const Node& node) {
  const Quantization& out = model.output(node).quantization;
  const auto [steps, zero_point] = output_scale(model, node);
  if (out.scale.size() != 1) return {fmt::format("its output has {} scales, not 1", out.scale.size())};
  const float expected = 1.0f / static_cast<float>(steps);
  const bool is_near = steps > 256 && std::abs(out.scale[0] - expected) <= 0.001f * expected;
  if ((out.scale[0] == expected || is_near) && out.zero_point[0] == zero_point) return {};
  return {fmt::format("its output's scale is not 1/{} with zero point {}", steps, zero_point)};
}

static Problems check_types(const Model& model, const Node& node) {
  if (!model.has_input(node, 0) || !is_widening(model, node)) return check_quantized(model, node, with_int16);
  Problems wrong;
  check_one_scale(wrong, model.input(node, 0), "input");
  return wrong;
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  Problems wrong = check_types(model, node);
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (in.shape.empty() || in.shape.back() > most_classes(in.dtype))
    return {fmt::format("its input is {}; at most {} classes in its last dimension are supported", text_of(in.shape),
                        most_classes(in.dtype))};
  if (!(beta_of(node) > 0) || std::isinf(beta_of(node)))
    return {fmt::format("its beta is {}, not a positive number", beta_of(node))};
  if (out.dtype != DType::float32) wrong = check_output_scale(model, node);
  if (in.dtype == DType::int8 && factor_of(model, node) < 1)
    wrong.push_back(
        fmt::format("its input's scale {} is so small that all classes are equal", in.quantization.scale[0]));
  if (in.dtype == DType::int16 && wide_factor_of(model, node) * 2 * 65535 > INT32_MAX)
    wrong.push_back(fmt::format("its input's scale {} is so large that 32 bits overflow", in.quantization.scale[0]));
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

/// Out: int8 or int16, from its least value on.
template <typename Out>
static void softmax_int8(const Scaling& scaling, const std::int8_t* in, int count, Out* out) {
  constexpr std::int32_t bits = 8 * sizeof(Out), least = std::numeric_limits<Out>::min();
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
  const int exponent =
      12 - headroom + 31 - bits;  // above 31, of int8 from 512 equal classes on, every share rounds to 0
  for (int c = 0; c < count; ++c) {
    const bool is_share = counts(c) && exponent <= 31;
    const std::int32_t q =
        is_share ? rounding_shift_right(doubling_high_multiply(scale, exp_of(c)), exponent) + least : least;
    out[c] = static_cast<Out>(std::clamp<std::int32_t>(q, least, std::numeric_limits<Out>::max()));
  }
}

/// 513 values of a function from `first` to `last` in Q0, so that the lines between them err as little above as below.
/// In floats, as the reference works them out.
static std::vector<std::int16_t> wide_table(float first, float last, float (*function)(float)) {
  const float step = (last - first) / 512, to_q = 32768;
  std::vector<std::int16_t> table;
  for (int i = 0; i < 512; ++i) {
    const float x = first + static_cast<float>(i) * step, next = first + static_cast<float>(i + 1) * step;
    const float value = std::round(function(x) * to_q);
    const float on_line = std::round((function(next) * to_q + value) / 2);
    const float too_high = std::round((on_line - std::round(function(x + step / 2) * to_q)) / 2);
    table.push_back(static_cast<std::int16_t>(std::clamp(value - too_high, -32768.0f, 32767.0f)));
  }
  table.push_back(static_cast<std::int16_t>(std::min(std::round(function(last) * to_q), 32767.0f)));
  return table;
}

static const std::vector<std::int16_t>& exp_table() {
  static const auto table = wide_table(-10, 0, [](float x) { return std::exp(x); });
  return table;
}

static const std::vector<std::int16_t>& reciprocal_table() {
  static const auto table = wide_table(0, 1, [](float x) { return 1 / (1 + x); });
  return table;
}

static std::int32_t saturated_16(std::int32_t x) { return std::clamp<std::int32_t>(x, INT16_MIN, INT16_MAX); }

/// The lowest 7 bits lie on the line between two values.
static std::int32_t look_up(const std::vector<std::int16_t>& table, std::int32_t x) {
  const std::int32_t place = (saturated_16(x) + 32768) / 128, part = (saturated_16(x) + 32768) % 128;
  return table[place] + (((table[place + 1] - table[place]) * part + 64) >> 7);
}

static void softmax_int16(Multiplier factor, const std::int16_t* in, int count, std::int16_t* out) {
  const std::int32_t largest = *std::max_element(in, in + count);
  std::int32_t sum = 0;
  std::vector<std::int32_t> exps(count);
  for (int c = 0; c < count; ++c) sum += exps[c] = look_up(exp_table(), rescale(in[c] - largest, factor) + 32767);
  const int headroom = __builtin_clz(static_cast<unsigned>(sum));
  const std::int64_t from_one = ((std::int64_t{sum} << (headroom - 1)) + (1 << 13)) >> 14;  // 2^16 to 2^17
  const std::int64_t share = look_up(reciprocal_table(), static_cast<std::int32_t>(from_one - (3 << 15)));
  const int shift = 31 - headroom;
  for (int c = 0; c < count; ++c)
    out[c] = static_cast<std::int16_t>(
        std::clamp<std::int64_t>((exps[c] * share + (std::int64_t{1} << (shift - 1))) >> shift, 0, INT16_MAX));
}

static void softmax_real(float beta, const float* in, int count, float* out) {
  const float largest = *std::max_element(in, in + count);
  float sum = 0;
  for (int c = 0; c < count; ++c) sum += out[c] = std::exp((in[c] - largest) * beta);
  for (int c = 0; c < count; ++c) out[c] /= sum;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor& input = model.input(node, 0);
  const int in = node.inputs[0], out = node.outputs[0], count = input.shape.back();
  const auto each = [&](auto from, auto to, auto work) {
    for (std::int64_t at = 0; at < element_count(input.shape); at += count)
      work(data_of<decltype(from)>(bytes, in) + at, data_of<decltype(to)>(bytes, out) + at);
  };
  const auto bytewise = [&](auto* from, auto* to) { softmax_int8(scaling_of(model, node), from, count, to); };
  if (input.dtype == DType::float32)
    each(float{}, float{}, [&](auto* from, auto* to) { softmax_real(beta_of(node), from, count, to); });
  else if (input.dtype == DType::int16)
    each(std::int16_t{}, std::int16_t{},
         [&](auto* from, auto* to) { softmax_int16(multiplier_of(wide_factor_of(model, node)), from, count, to); });
  else if (is_widening(model, node))
    each(std::int8_t{}, std::int16_t{}, bytewise);
  else
    each(std::int8_t{}, std::int8_t{}, bytewise);
}

static Constant table_constant(const std::vector<std::int16_t>& table, const std::string& suffix) {
  return {suffix, "int16_t", comma_separated(table), table.size() * 2};
}

static std::string int8_parameters(const Scaling& scaling, int classes) {
  return fmt::format("Softmax $ = {{{}, {}, {}, {}}}", scaling.factor.multiplier, scaling.diff_min, classes,
                     scaling.factor.shift);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  Emitted code{.header = "softmax.h"};
  code.row = is_widening(model, node) ? "softmax_to_int16_row($, in0, y, out);" : "softmax_row($, in0, y, out);";
  if (in.dtype == DType::int8) code.parameters = int8_parameters(scaling_of(model, node), in.shape.back());
  if (in.dtype == DType::float32)
    code.parameters = fmt::format("SoftmaxReal $ = {{{}, {}}}", float_text(beta_of(node)), in.shape.back());
  if (in.dtype != DType::int16) return code;
  const Multiplier factor = multiplier_of(wide_factor_of(model, node));
  code.constants = {table_constant(exp_table(), "exp"), table_constant(reciprocal_table(), "reciprocal")};
  code.parameters = fmt::format("SoftmaxInt16 $ = {{$_exp, $_reciprocal, {}, {}, {}}}", factor.multiplier,
                                in.shape.back(), factor.shift);
  return code;
}

extern const Operator softmax{.name = "softmax",
                              .options = "SoftmaxOptions",
                              .version = 2,
                              .dtypes = "int8, int16, float32; int8 -> int16",
                              .check = check,
                              .reference = reference,
                              .emit = emit,
                              .quantization = {.fixed_output = {{1.0f / 256}, {-128}, 0}}};

}  // namespace dragonet
