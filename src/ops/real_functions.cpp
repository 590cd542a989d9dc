// Functions of one real number, float32 or int8, each a row of a table. Of int8 they become a table of 256 answers,
// which are worked out in floats, as TensorFlow Lite makes its tables; only rsqrt, which TensorFlow Lite Micro works
// out in fixed point, is that to the last bit. Where a function has no value, the output is its least; rsqrt's is its
// largest. Source: TensorFlow Lite, kernels/elementwise.cc and kernels/internal/common.h, LUTPopulate; TensorFlow Lite
// Micro, kernels/elementwise.cc, elu.cc, exp.cc, floor.cc, ceil.cc and round.cc.
#include <cmath>

#include "kernels/fixed_math.h"
#include "ops/unary_operator.h"

namespace dragonet {

static float elu(float x) { return x < 0 ? std::exp(x) - 1 : x; }
static float gelu(float x) { return 0.5f * x * (1 + std::erf(x * static_cast<float>(M_SQRT1_2))); }
static float gelu_tanh(float x) {
  return 0.5f * x * (1 + std::tanh(std::sqrt(static_cast<float>(M_2_PI)) * (x + 0.044715f * x * x * x)));
}
static float round_to_even(float x) { return std::nearbyint(x); }
static float rsqrt(float x) { return 1 / std::sqrt(x); }
static float sign(float x) { return static_cast<float>((x > 0) - (x < 0)); }
static float square(float x) { return x * x; }

namespace {
struct RealFunction {
  const char* name;
  float (*of)(float);
  const char* kernel;
};
}  // namespace

static constexpr RealFunction functions[] = {
    {"ceil", std::ceil, "RealCeil"}, {"cos", std::cos, "RealCos"},          {"elu", elu, "RealElu"},
    {"exp", std::exp, "RealExp"},    {"floor", std::floor, "RealFloor"},    {"gelu", gelu, "RealGelu"},
    {"log", std::log, "RealLog"},    {"round", round_to_even, "RealRound"}, {"rsqrt", rsqrt, "RealRsqrt"},
    {"sign", sign, "RealSign"},      {"sin", std::sin, "RealSin"},          {"sqrt", std::sqrt, "RealSqrt"},
    {"square", square, "RealSquare"}};
static constexpr RealFunction approximate_gelu{"gelu", gelu_tanh, "RealGeluTanh"};

static const RealFunction& function_of(const Node& node) {
  if (node.op == "gelu" && node.integer("approximate") != 0) return approximate_gelu;
  return *std::ranges::find(functions, node.op, [](const RealFunction& f) { return std::string(f.name); });
}

static Problems check(const Model& model, const Node& node) { return check_quantized(model, node); }

/// From the input's steps above its zero point.
static std::int32_t rsqrt_of_steps(std::int32_t steps, const Tensor& in, const Tensor& out) {
  constexpr int shift = 20;  // so that the root is an integer
  if (steps <= 0) return INT8_MAX;
  const FixedFactor root = inverse_sqrt_of(steps);
  const std::int32_t data = rescale(1, {root.multiplier, root.shift + shift});
  Multiplier to_output =
      multiplier_of(1 / (std::sqrt(double{in.quantization.scale[0]}) * double{out.quantization.scale[0]}));
  to_output.shift -= shift;
  if (to_output.shift > 0) return INT8_MAX;  // no scale of use; the shift would overflow
  return to_output.shift < -31 ? 0 : rescale(data, to_output);
}

static std::int32_t in_floats(const RealFunction& function, const Tensor& in, const Tensor& out, std::int32_t q) {
  const float inverse_scale = 1 / out.quantization.scale[0];
  const float steps = std::round(function.of(real_of(in, q)) * inverse_scale);
  return static_cast<std::int32_t>(std::isnan(steps) ? -512 : std::clamp(steps, -512.0f, 512.0f));
}

static std::int32_t quantized_answer(const Model& model, const Node& node, std::int32_t q) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const std::int32_t steps = node.op == "rsqrt" ? rsqrt_of_steps(q - in.quantization.zero_point[0], in, out)
                                                : in_floats(function_of(node), in, out, q);
  if (node.op == "rsqrt" && q <= in.quantization.zero_point[0]) return INT8_MAX;
  return std::clamp(steps + out.quantization.zero_point[0], INT8_MIN, INT8_MAX);
}

static float real_answer(const Node& node, float x) { return function_of(node).of(x); }

static constexpr Unary unary{quantized_answer, real_answer};

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  run_unary(unary, model, node, bytes);
}

static Emitted emit(const Model& model, const Node& node) {
  if (model.input(node, 0).dtype == DType::int8) return emit_lookup(unary, model, node);
  return emit_unary(model, node, "real_functions.h", function_of(node).kernel, "");
}

static constexpr Operator operator_named(const char* name, const char* options = "") {
  return {.name = name,
          .options = options,
          .version = 1,
          .dtypes = "int8, float32",
          .check = check,
          .reference = reference,
          .emit = emit,
          .elementwise = true};
}

extern const Operator ceil_op = operator_named("ceil");
extern const Operator cos_op = operator_named("cos");
extern const Operator elu_op = operator_named("elu");
extern const Operator exp_op = operator_named("exp");
extern const Operator floor_op = operator_named("floor");
extern const Operator gelu_op = operator_named("gelu", "GeluOptions");
extern const Operator log_op = operator_named("log");
extern const Operator round_op = operator_named("round");
extern const Operator rsqrt_op = operator_named("rsqrt");
extern const Operator sign_op = operator_named("sign");
extern const Operator sin_op = operator_named("sin");
extern const Operator sqrt_op = operator_named("sqrt");
extern const Operator square_op = operator_named("square");

}  // namespace dragonet
