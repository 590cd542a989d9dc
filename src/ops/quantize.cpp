// Quantize: float32 to int8 or uint8, or from one scale to another. Only at a model's edges, where the host does it.
// Source: TensorFlow Lite Micro's reference, AffineQuantize and Requantize.
#include <algorithm>
#include <cmath>

#include "ops/emit.h"

namespace dragonet {

static bool is_byte(DType dtype) { return dtype == DType::int8 || dtype == DType::uint8; }

static double factor_of(const Tensor& in, const Tensor& out) {
  return double{in.quantization.scale[0]} / out.quantization.scale[0];
}

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if ((!is_byte(in.dtype) && in.dtype != DType::float32) || !is_byte(out.dtype))
    return {fmt::format("it turns {} into {}", name_of(in.dtype), name_of(out.dtype))};
  if (out.quantization.scale.size() != 1) return {"its output has not one scale"};
  if (in.dtype == DType::float32) return {};
  if (in.quantization.scale.size() != 1) return {"its input has not one scale"};
  if (const double factor = factor_of(in, out); factor > 1 << 15)
    return {fmt::format("its scales make a factor of {}, over 2^15", factor)};
  return {};
}

static int lowest(DType dtype) { return dtype == DType::int8 ? -128 : 0; }

static std::int32_t quantized_value(const Tensor& in, const Tensor& out, const TensorBytes& bytes, int tensor,
                                    std::size_t i) {
  if (in.dtype == DType::float32) {
    const float real = reinterpret_cast<const float*>(bytes[tensor].data())[i];
    const float steps = std::round(real / out.quantization.scale[0]);
    return static_cast<std::int32_t>(std::fmax(std::fmin(steps, 65536.0f), -65536.0f));  // no number becomes one, too
  }
  const Multiplier factor = multiplier_of(factor_of(in, out));
  return rescale(number_in(in.dtype, bytes[tensor][i]) - in.quantization.zero_point[0], factor);
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  for (std::size_t i = 0; i < bytes[node.outputs[0]].size(); ++i) {
    const std::int32_t q = quantized_value(in, out, bytes, node.inputs[0], i) + out.quantization.zero_point[0];
    const int least = lowest(out.dtype);
    bytes[node.outputs[0]][i] = static_cast<std::uint8_t>(std::clamp(q, least, least + 255));
  }
}

static Emitted emit(const Model& model, const Node& node) {
  throw Error({describe(model, node), "quantizes inside the model, which the chip cannot do",
               "only a model's first and last node may: cut it there"});
}

extern const Operator quantize_op{.name = "quantize",
                                  .options = "",
                                  .version = 1,
                                  .dtypes = "float32, uint8, int8 -> uint8, int8; at the edges",
                                  .check = check,
                                  .reference = reference,
                                  .emit = emit};

}  // namespace dragonet
