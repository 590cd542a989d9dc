// Sum of two tensors of one shape, int8 or float32. Source: TensorFlow Lite 8-bit quantization specification, ADD.
// Both int8 inputs are brought to twice the larger scale after a left shift by 20, so that no bit that matters is lost
// before the sum; every step rounds as TensorFlow Lite Micro's reference does.
#include "ops/emit.h"

namespace dragonet {

static constexpr int left_shift = 20;

namespace {
struct Scaling {
  Multiplier first, second, output;
};
}  // namespace

static double scale_of(const Tensor& tensor) { return tensor.quantization.scale[0]; }

static double output_factor(const Model& model, const Node& node) {
  const double common = 2 * std::max(scale_of(model.input(node, 0)), scale_of(model.input(node, 1)));
  return common / ((1 << left_shift) * scale_of(model.output(node)));
}

static Scaling scaling_of(const Model& model, const Node& node) {
  const double first = scale_of(model.input(node, 0)), second = scale_of(model.input(node, 1));
  const double common = 2 * std::max(first, second);
  return {multiplier_of(first / common), multiplier_of(second / common), multiplier_of(output_factor(model, node))};
}

static Problems check_inputs(const Model& model, const Node& node) {
  if (node.inputs.size() != 2 || !model.has_input(node, 1)) return {"it does not have two inputs"};
  const Tensor &first = model.input(node, 0), &second = model.input(node, 1);
  if (second.is_constant()) return {"one of its inputs is a constant"};
  if (first.shape != second.shape)
    return {fmt::format("its inputs are {} and {}; only equal shapes are supported", text_of(first.shape),
                        text_of(second.shape))};
  if (first.dtype != second.dtype)
    return {fmt::format("its inputs are {} and {}", name_of(first.dtype), name_of(second.dtype))};
  return {};
}

static Problems check(const Model& model, const Node& node) {
  Problems wrong = gather({check_quantized(model, node), check_inputs(model, node), check_activation(node)});
  if (!wrong.empty() || model.output(node).dtype == DType::float32) return wrong;
  check_one_scale(wrong, model.input(node, 1), "second input");
  if (wrong.empty() && !(output_factor(model, node) < 1))
    wrong.push_back(fmt::format("its output's scale {} is too small for its inputs'", scale_of(model.output(node))));
  return wrong;
}

static void add_reals(const Node& node, TensorBytes& bytes, std::int64_t count) {
  const auto *first = data_of<float>(bytes, node.inputs[0]), *second = data_of<float>(bytes, node.inputs[1]);
  auto* out = data_of<float>(bytes, node.outputs[0]);
  const auto [min, max] = real_activation_range(node);
  for (std::int64_t i = 0; i < count; ++i) out[i] = std::clamp(first[i] + second[i], min, max);
}

static void add_int8(const Model& model, const Node& node, TensorBytes& bytes, std::int64_t count) {
  const Scaling scaling = scaling_of(model, node);
  const auto term = [&](int input, Multiplier factor, std::int64_t i) {
    const std::int32_t q = data_of<std::int8_t>(bytes, node.inputs[input])[i];
    return rescale((q - model.input(node, input).quantization.zero_point[0]) * (1 << left_shift), factor);
  };
  auto* out = data_of<std::int8_t>(bytes, node.outputs[0]);
  const std::int32_t zero_point = model.output(node).quantization.zero_point[0];
  const auto [min, max] = activation_range(node, model.output(node));
  for (std::int64_t i = 0; i < count; ++i) {
    const std::int32_t sum = term(0, scaling.first, i) + term(1, scaling.second, i);
    out[i] = static_cast<std::int8_t>(std::clamp(rescale(sum, scaling.output) + zero_point, min, max));
  }
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const std::int64_t count = element_count(model.output(node).shape);
  if (model.output(node).dtype == DType::float32)
    add_reals(node, bytes, count);
  else
    add_int8(model, node, bytes, count);
}

static std::string input_numbers(const Model& model, const Node& node, int input, Multiplier factor) {
  return fmt::format("{{{}, {}, {}}}", factor.multiplier, factor.shift,
                     model.input(node, input).quantization.zero_point[0]);
}

static Emitted emit(const Model& model, const Node& node) {
  const Scaling scaling = scaling_of(model, node);
  return {.header = "add.h",
          .constants = {},
          .parameters = fmt::format("Add $ = {{{}, {}, {}, {}, {}}}", input_numbers(model, node, 0, scaling.first),
                                    input_numbers(model, node, 1, scaling.second), scaling.output.multiplier,
                                    scaling.output.shift, output_numbers(model, node)),
          .row = "add_row($, in0, in1, y, out);"};
}

extern const Operator add{.name = "add",
                          .options = "AddOptions",
                          .version = 2,
                          .dtypes = "int8, float32",
                          .check = check,
                          .reference = reference,
                          .emit = emit,
                          .elementwise = true};

}  // namespace dragonet
