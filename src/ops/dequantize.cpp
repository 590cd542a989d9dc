// Dequantize: integers to float32. At a model's end the host does it.
// Source: TensorFlow Lite 8-bit quantization specification: real = scale * (q - zero_point).
#include "ops/unary_operator.h"

namespace dragonet {

static Problems check(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  const bool is_known = in.dtype == DType::int8 || in.dtype == DType::uint8 || in.dtype == DType::int16;
  if (!is_known || out.dtype != DType::float32)
    return {fmt::format("it turns {} into {}", name_of(in.dtype), name_of(out.dtype))};
  Problems wrong;
  check_one_scale(wrong, in, "input");
  return wrong;
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor& in = model.input(node, 0);
  float* out = data_of<float>(bytes, node.outputs[0]);
  const auto count = static_cast<std::size_t>(element_count(in.shape));
  for (std::size_t i = 0; i < count; ++i) out[i] = real_of(in, integer_at(in.dtype, bytes[node.inputs[0]], i));
}

static Emitted emit(const Model& model, const Node& node) {
  const Quantization& in = model.input(node, 0).quantization;
  return emit_unary(model, node, "requantize.h", "Dequantize",
                    fmt::format("{}, {}", float_text(in.scale[0]), in.zero_point[0]));
}

extern const Operator dequantize{.name = "dequantize",
                                 .options = "",
                                 .version = 2,
                                 .dtypes = "uint8, int8, int16 -> float32",
                                 .check = check,
                                 .reference = reference,
                                 .emit = emit};

}  // namespace dragonet
