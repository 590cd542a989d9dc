// Sums and differences, int8, int16, int32 or float32, with broadcasting. Source: TensorFlow Lite 8-bit quantization
// specification, ADD and SUB. Integers are brought to twice the larger input scale after a left shift by 20, int16 by
// 15, so that no bit that matters is lost before the sum; every step rounds as TensorFlow Lite Micro's reference does
// (kernels/add_common.cc and sub_common.cc; kernels/internal/reference/add.h and sub.h).
#include "ops/binary_operator.h"
#include "ops/output_estimates.h"

namespace dragonet {

static bool is_sub(const Node& node) { return node.op == "sub"; }
static int sign_of(const Node& node) { return is_sub(node) ? -1 : 1; }
static int left_shift_of(const Tensor& output) { return output.dtype == DType::int16 ? 15 : 20; }

namespace {
/// Of the inputs, to the common scale; of the sum, from there to the output's.
struct Factors {
  double first, second, output;
};
}  // namespace

/// The reference works these out in float for differences, and in double for sums.
template <typename Real>
static Factors factors_in(Real first, Real second, Real output, int left_shift) {
  const Real common = 2 * std::max(first, second);
  return {first / common, second / common, common / (static_cast<Real>(1 << left_shift) * output)};
}

static Factors factors_of(const Model& model, const Node& node) {
  const float first = model.input(node, 0).quantization.scale[0], second = model.input(node, 1).quantization.scale[0];
  const float output = model.output(node).quantization.scale[0];
  const int shift = left_shift_of(model.output(node));
  return is_sub(node) ? factors_in<float>(first, second, output, shift)
                      : factors_in<double>(first, second, output, shift);
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_binary(model, node, with_int32), check_activation(node)});
  if (!wrong.empty() || !is_quantized(model.output(node).dtype)) return wrong;
  const Factors factors = factors_of(model, node);
  const bool are_small = factors.first <= 0.5 && factors.second <= 0.5;  // not so where one is no number
  if (!are_small) return {"its inputs' scales are too large"};
  if (!(factors.output < 1))
    return {
        fmt::format("its output's scale {} is too small for its inputs'", model.output(node).quantization.scale[0])};
  return {};
}

/// What value q of an input is on the common scale.
static std::int32_t term(const Model& model, const Node& node, int input, Multiplier to_common, std::int32_t q) {
  const std::int32_t steps = q - model.input(node, input).quantization.zero_point[0];
  return rescale(steps * (1 << left_shift_of(model.output(node))), to_common);
}

static void add_reals(const Model& model, const Node& node, TensorBytes& bytes) {
  const auto [min, max] = real_activation_range(node);
  run_pairs<float>(model, node, bytes, [&, min = min, max = max](float a, float b) {
    return std::clamp(is_sub(node) ? a - b : a + b, min, max);
  });
}

template <typename T>
static void add_integers(const Model& model, const Node& node, TensorBytes& bytes) {
  const Factors factors = factors_of(model, node);
  const Multiplier first = multiplier_of(factors.first), second = multiplier_of(factors.second);
  const Multiplier to_output = multiplier_of(factors.output);
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  const auto [min, max] = activation_range(node, model.output(node));
  run_pairs<T>(model, node, bytes, [&, min = min, max = max](std::int32_t a, std::int32_t b) {
    const std::int32_t sum = term(model, node, 0, first, a) + sign_of(node) * term(model, node, 1, second, b);
    return std::clamp(rescale(sum, to_output) + zero_point, min, max);
  });
}

static void add_plain(const Model& model, const Node& node, TensorBytes& bytes) {
  run_plain_pairs(model, node, bytes, [&](std::uint32_t a, std::uint32_t b) { return is_sub(node) ? a - b : a + b; });
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  if (model.output(node).dtype == DType::float32)
    add_reals(model, node, bytes);
  else if (model.output(node).dtype == DType::int32)
    add_plain(model, node, bytes);
  else if (model.output(node).dtype == DType::int16)
    add_integers<std::int16_t>(model, node, bytes);
  else
    add_integers<std::int8_t>(model, node, bytes);
}

static std::string input_numbers(const Model& model, const Node& node, int input, double factor) {
  const Multiplier to_common = multiplier_of(factor);
  return fmt::format("{{{}, {}, {}}}", to_common.multiplier, to_common.shift,
                     model.input(node, input).quantization.zero_point[0]);
}

static Emitted emit(const Model& model, const Node& node) {
  if (model.output(node).dtype == DType::float32)
    return emit_binary(model, node, "add.h", fmt::format("RealAdd<{}>", sign_of(node)), real_range_numbers(node));
  if (model.output(node).dtype == DType::int32)
    return emit_binary(model, node, "add.h", fmt::format("PlainAdd<{}>", sign_of(node)), plain_range_numbers(node));
  const Factors factors = factors_of(model, node);
  const Multiplier to_output = multiplier_of(factors.output);
  return emit_binary(model, node, "add.h", fmt::format("Add<{}, {}>", left_shift_of(model.output(node)), sign_of(node)),
                     fmt::format("{}, {}, {}, {}, {}", input_numbers(model, node, 0, factors.first),
                                 input_numbers(model, node, 1, factors.second), to_output.multiplier,
                                 output_numbers(model, node), to_output.shift));
}

/// What each value of an input adds to the sum.
static std::vector<std::int32_t> terms_of(const Model& model, const Node& node, int input) {
  const Factors factors = factors_of(model, node);
  const Multiplier to_common = multiplier_of(input == 0 ? factors.first : factors.second);
  const std::int32_t sign = input == 0 ? 1 : sign_of(node);
  std::vector<std::int32_t> terms;
  for (int q = -128; q <= 127; ++q) terms.push_back(sign * term(model, node, input, to_common, q));
  return terms;
}

static std::optional<Estimates> estimate_of_sum(const Model& model, const Node& node) {
  const auto first = terms_of(model, node, 0), second = terms_of(model, node, 1);
  return find_estimate(multiplier_of(factors_of(model, node).output), model.output(node).quantization.zero_point[0],
                       std::ranges::min(first) + std::ranges::min(second),
                       std::ranges::max(first) + std::ranges::max(second));
}

static bool can_be_estimated(const Model& model, const Node& node) {
  return model.output(node).dtype == DType::int8 && model.input(node, 0).shape == model.input(node, 1).shape &&
         estimate_of_sum(model, node);
}

static Emitted emit_estimated(const Model& model, const Node& node) {
  const Estimates estimates = *estimate_of_sum(model, node);
  const Multiplier to_output = multiplier_of(factors_of(model, node).output);
  Emitted code{.header = "add_estimated.h"};
  code.constants = {{"first", "int32_t", comma_separated(terms_of(model, node, 0)), 1024},
                    {"second", "int32_t", comma_separated(terms_of(model, node, 1)), 1024},
                    {"bias", "int32_t", "0", 4},
                    {"multiplier", "int32_t", std::to_string(to_output.multiplier), 4},
                    {"shift", "int8_t", std::to_string(to_output.shift), 1},
                    estimate_constant(estimates)};
  code.parameters = fmt::format(
      "EstimatedAdd $ = {{$_first, $_second, {{{{$_bias, $_multiplier, $_shift, {}}}, "
      "$_estimates, {}u, {}}}}}",
      output_numbers(model, node), estimates.doubt, estimates.shift);
  code.row = "add_estimated_row($, in0, in1, y, out);";
  return code;
}

static constexpr const char* when_estimated = "int8 of one shape";
static constexpr Variant variants[] = {
    {"tables and an estimate", KernelCore::cortex_m0plus, when_estimated, can_be_estimated, emit_estimated},
    {"tables and an estimate", KernelCore::cortex_m4, when_estimated, can_be_estimated, emit_estimated}};

static constexpr Operator operator_named(const char* name, const char* options) {
  return {.name = name,
          .options = options,
          .version = 2,
          .dtypes = "int8, int16, int32, float32",
          .check = check,
          .shape = broadcast_shape,
          .rows = broadcast_rows,
          .reference = reference,
          .emit = emit,
          .elementwise = true,
          .variants = variants};
}

extern const Operator add = operator_named("add", "AddOptions");
extern const Operator sub = operator_named("sub", "SubOptions");

}  // namespace dragonet
