// The logistic function, 1 / (1 + exp(-x)), and tanh, int8, int16 or float32. Of int8 in fixed point, of int16 from a
// table of the logistic function, on straight lines between its entries. The output's scales are prescribed.
// Source: TensorFlow Lite 8-bit quantization specification, LOGISTIC and TANH; TensorFlow Lite Micro at 90b983c2,
// kernels/logistic_common.cc and tanh.cc (its older and newer versions differ: a table made from floats), and its
// kernels/internal/reference/integer_ops/logistic.h and tanh.h; gemmlowp fixedpoint/fixedpoint.h.
// Numbers named Qn have n integer bits beside the sign.
#include <cmath>

#include "kernels/sigmoid_table.h"
#include "ops/unary_operator.h"

namespace dragonet {

static constexpr int integer_bits = 4;  // of an int8 input as a fixed-point number

static bool is_tanh(const Node& node) { return node.op == "tanh"; }

static Quantization output_of(bool is_tanh, DType dtype) {
  if (dtype == DType::int16) return {{1.0f / 32768}, {0}, 0};
  return is_tanh ? Quantization{{1.0f / 128}, {0}, 0} : Quantization{{1.0f / 256}, {-128}, 0};
}

static Problems check_output(const Model& model, const Node& node) {
  const Tensor& output = model.output(node);
  const Quantization expected = output_of(is_tanh(node), output.dtype), &actual = output.quantization;
  if (actual.scale == expected.scale && actual.zero_point == expected.zero_point) return {};
  return {fmt::format("its output's scale is not 1/{:.0f} with zero point {}", 1 / expected.scale[0],
                      expected.zero_point[0])};
}

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node, with_int16);
  if (!wrong.empty() || model.output(node).dtype == DType::float32) return wrong;
  const float scale = model.input(node, 0).quantization.scale[0];
  if (model.output(node).dtype == DType::int16 && !(scale >= 0x1p-24f && scale * 4096 * 3 <= 32767))
    return {fmt::format("its input's scale {} is not between 2^-24 and 2.66", scale)};
  return check_output(model, node);
}

static std::int32_t saturate(std::int64_t x) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(x, INT32_MIN, INT32_MAX));
}

/// exp(a) in Q0 of an a that is not positive: a series for the fraction of a quarter, a factor for each bit above.
static std::int32_t exp_on_negative(std::int32_t a, int integer_bits) {
  constexpr std::int32_t factors[] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
  const std::int32_t quarter = 1 << (29 - integer_bits);
  if (a == 0) return INT32_MAX;
  const std::int32_t fraction = (a & (quarter - 1)) - quarter;                          // [-1/4, 0)
  const std::int32_t x = saturate(std::int64_t{fraction} << integer_bits) + (1 << 28);  // around -1/8, Q0
  const std::int32_t x2 = doubling_high_multiply(x, x), x3 = doubling_high_multiply(x2, x);
  const std::int32_t x4 = doubling_high_multiply(x2, x2);
  const std::int32_t tail = doubling_high_multiply(rounding_shift_right(x4, 2) + x3, 715827883) + x2;
  std::int32_t result = 1895147668 + doubling_high_multiply(1895147668, x + rounding_shift_right(tail, 1));
  for (int bit = 0; bit < integer_bits + 2; ++bit)
    if ((fraction - a) & (quarter << bit)) result = doubling_high_multiply(result, factors[bit]);
  return result;
}

/// 2 / (1 + a) in Q2 of a Q0 in [0, 1): Newton's method on half the denominator, from 48/17 - 32/17 x.
static std::int32_t two_over_one_plus(std::int32_t a) {
  const auto half = static_cast<std::int32_t>((std::int64_t{a} + INT32_MAX + 1) / 2);
  std::int32_t x = 1515870810 + doubling_high_multiply(half, -1010580540);
  for (int step = 0; step < 3; ++step) {
    const std::int32_t error = (1 << 29) - doubling_high_multiply(half, x);
    x += saturate(std::int64_t{doubling_high_multiply(x, error)} * 4);
  }
  return x;
}

/// In Q0 of a Q4.
static std::int32_t fixed_logistic(std::int32_t x) {
  if (x == 0) return 1 << 30;
  const std::int32_t of_positive =
      saturate(std::int64_t{two_over_one_plus(exp_on_negative(-std::abs(x), integer_bits))} * 2);
  return x > 0 ? of_positive : INT32_MAX - of_positive;
}

/// In Q0 of a Q4: (1 - e) / (1 + e), where e = exp(-2 |x|), whose exponent is the same number as a Q5.
static std::int32_t fixed_tanh(std::int32_t x) {
  if (x == 0) return 0;
  const std::int32_t quotient = two_over_one_plus(exp_on_negative(-std::abs(x), integer_bits + 1));
  const std::int32_t of_positive = saturate((std::int64_t{quotient} - (1 << 29)) * 4);
  return x > 0 ? of_positive : -of_positive;
}

/// How far from 0 an input still counts: beyond, the output is its least or its largest.
static double radius_of(Multiplier factor) {
  return std::floor(std::ldexp((1 << integer_bits) - 1, 31 - integer_bits - factor.shift));
}

static std::int32_t byte_sigmoid(const Model& model, const Node& node, std::int32_t q) {
  const Quantization& in = model.input(node, 0).quantization;
  const Multiplier to_q4 = multiplier_of(std::ldexp(double{in.scale[0]}, 31 - integer_bits));
  const std::int32_t steps = q - in.zero_point[0];
  if (steps <= -radius_of(to_q4)) return -128;
  if (steps >= radius_of(to_q4)) return 127;
  const std::int32_t x = rescale(steps, to_q4);
  const std::int32_t result =
      is_tanh(node) ? rounding_shift_right(fixed_tanh(x), 24) : rounding_shift_right(fixed_logistic(x), 23) - 128;
  return std::clamp(result, -128, 127);
}

/// From an int16 input's scale to 1 / (3 * 4096): 3, exactly, where the scale is (all but) 2^-12, and for tanh 6 where
/// it is 2^-11; else 15 bits, cut off.
static Multiplier to_table(const Model& model, const Node& node) {
  const double scale = model.input(node, 0).quantization.scale[0], power = std::log2(scale);
  const double whole = std::round(power);
  if (std::abs(power - whole) < 1e-3 && (whole == -12 || (whole == -11 && is_tanh(node))))
    return {whole == -12 ? 3 : 6, 0};
  Multiplier factor;
  double multiplier = scale * 4096 * 3;
  for (; multiplier <= 32767.0 / 2; multiplier *= 2) ++factor.shift;
  factor.multiplier = static_cast<std::int32_t>(multiplier);
  return factor;
}

static std::int32_t half_of(Multiplier factor) { return factor.shift > 0 ? 1 << (factor.shift - 1) : 0; }

static std::int32_t word_sigmoid(const Model& model, const Node& node, std::int32_t q) {
  const Multiplier factor = to_table(model, node);
  const std::int32_t x = (q * factor.multiplier + half_of(factor)) >> factor.shift;
  const int bits = is_tanh(node) ? 8 : 9;
  const int place = std::abs(x) >> bits, rest = std::abs(x) & ((1 << bits) - 1);
  std::int32_t size = is_tanh(node) ? 0xffff << bits : 0x7fff << (bits + 1);  // in steps of 2^-(16 + bits)
  if (place < 255) size = (sigmoid_table[place] << bits) + rest * (sigmoid_table[place + 1] - sigmoid_table[place]);
  if (is_tanh(node)) return x >= 0 ? (size - (1 << 23) + (1 << 7)) >> 8 : ((1 << 23) - size + (1 << 7) - 1) >> 8;
  return x >= 0 ? (size + (1 << 9)) >> 10 : ((1 << 25) - size + (1 << 9) - 1) >> 10;
}

static std::int32_t integer_sigmoid(const Model& model, const Node& node, std::int32_t q) {
  return model.output(node).dtype == DType::int16 ? word_sigmoid(model, node, q) : byte_sigmoid(model, node, q);
}

static float real_sigmoid(const Node& node, float x) { return is_tanh(node) ? std::tanh(x) : 1 / (1 + std::exp(-x)); }

static constexpr Unary unary{integer_sigmoid, real_sigmoid};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  const std::string function = is_tanh(node) ? "Tanh" : "Logistic";
  if (model.input(node, 0).dtype == DType::int8) return emit_lookup(unary, model, node);
  if (model.input(node, 0).dtype == DType::float32) return emit_unary(model, node, "logistic.h", "Real" + function, "");
  const Multiplier factor = to_table(model, node);
  return emit_unary(model, node, "logistic.h", function,
                    fmt::format("{{{}, {}, {}}}", factor.multiplier, half_of(factor), factor.shift));
}

static Operator operator_named(const char* name) {
  return {.name = name,
          .options = "",
          .version = 2,
          .dtypes = "int8, int16, float32",
          .check = check,
          .reference = reference,
          .emit = emit,
          .quantization = {.fixed_output = output_of(std::string_view(name) == "tanh", DType::int8)},
          .elementwise = true};
}

extern const Operator logistic = operator_named("logistic");
extern const Operator tanh_op = operator_named("tanh");

}  // namespace dragonet
