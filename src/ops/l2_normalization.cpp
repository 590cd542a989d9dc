// Values divided by their Euclidean length along the last dimension, int8 to int8 with scale 1/128 and zero point 0, or
// float32, whose length counts as 1e-6 at least. int8 is in fixed point.
// Source: TensorFlow Lite 8-bit quantization specification, L2_NORMALIZATION; TensorFlow Lite Micro, kernels/l2norm.cc,
// and its kernels/internal/reference/integer_ops/l2normalization.h.
#include <cmath>

#include "kernels/fixed_math.h"
#include "ops/emit.h"

namespace dragonet {

static constexpr int most_channels = 32767;  // so many squares of int8 fit 32 bits

static Quantization output_quantization() { return {{1.0f / 128}, {0}, 0}; }

static Problems check(const Model& model, const Node& node) {
  const Problems wrong = check_quantized(model, node);
  if (!wrong.empty()) return wrong;
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if (node.integer("fused_activation_function") != 0) return {"it has a fused activation"};
  if (in.shape.empty()) return {"its input has no dimensions"};
  if (in.dtype == DType::float32) return {};
  if (in.shape.back() > most_channels)
    return {fmt::format("it has {} channels; at most {} are supported", in.shape.back(), most_channels)};
  if (out.quantization.scale != output_quantization().scale || out.quantization.zero_point[0] != 0)
    return {"its output's scale is not 1/128 with zero point 0"};
  return {};
}

static void of_int8(std::int32_t zero_point, const std::int8_t* in, int count, std::int8_t* out) {
  std::int32_t sum = 0;
  for (int c = 0; c < count; ++c) sum += (in[c] - zero_point) * (in[c] - zero_point);
  const FixedFactor inverse = inverse_sqrt_of(sum);
  for (int c = 0; c < count; ++c)
    out[c] = static_cast<std::int8_t>(
        std::clamp(rescale(in[c] - zero_point, {inverse.multiplier, inverse.shift + 7}), -128, 127));
}

static void of_reals(const float* in, int count, float* out) {
  float sum = 0;
  for (int c = 0; c < count; ++c) sum += in[c] * in[c];
  for (int c = 0; c < count; ++c) out[c] = in[c] / std::max(std::sqrt(sum), 1e-6f);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor& input = model.input(node, 0);
  const int in = node.inputs[0], out = node.outputs[0], count = input.shape.back();
  for (std::int64_t at = 0; at < element_count(input.shape); at += count)
    if (input.dtype == DType::float32)
      of_reals(data_of<float>(bytes, in) + at, count, data_of<float>(bytes, out) + at);
    else
      of_int8(input.quantization.zero_point[0], data_of<std::int8_t>(bytes, in) + at, count,
              data_of<std::int8_t>(bytes, out) + at);
}

static Emitted emit(const Model& model, const Node& node) {
  const Tensor& in = model.input(node, 0);
  const bool is_real = in.dtype == DType::float32;
  return {.header = "normalize.h",
          .constants = {},
          .parameters = is_real ? fmt::format("L2NormReal $ = {{{}}}", in.shape.back())
                                : fmt::format("L2Norm $ = {{{}, {}}}", in.shape.back(), in.quantization.zero_point[0]),
          .row = "normalize_row($, in0, y, out);"};
}

extern const Operator l2_normalization{.name = "l2_normalization",
                                       .options = "L2NormOptions",
                                       .version = 2,
                                       .dtypes = "int8, float32",
                                       .check = check,
                                       .reference = reference,
                                       .emit = emit,
                                       .quantization = {.fixed_output = output_quantization()}};

}  // namespace dragonet
