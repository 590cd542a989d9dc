// Dequantize: int8 or uint8 to float32. Only at a model's end, where the host does it.
// Source: TensorFlow Lite 8-bit quantization specification: real = scale * (q - zero_point).
#include "ops/emit.h"

namespace dragonet {

static std::vector<std::string> check(const Model& model, const Node& node) {
  const Tensor &in = model.input(node, 0), &out = model.output(node);
  if ((in.dtype != DType::int8 && in.dtype != DType::uint8) || out.dtype != DType::float32)
    return {fmt::format("it turns {} into {}", name_of(in.dtype), name_of(out.dtype))};
  if (in.quantization.scale.size() != 1) return {"its input has not one scale"};
  return {};
}

static void reference(const Model& model, const Node& node, TensorBytes& bytes) {
  const Tensor& in = model.input(node, 0);
  const std::vector<std::uint8_t>& from = bytes[node.inputs[0]];
  float* out = data_of<float>(bytes, node.outputs[0]);
  for (std::size_t i = 0; i < from.size(); ++i) out[i] = real_of(in, number_in(in.dtype, from[i]));
}

static Emitted emit(const Model& model, const Node& node) {
  throw Error({describe(model, node), "makes floats inside the model, which the chip cannot do",
               "only a model's last node may: convert the whole model to int8"});
}

extern const Operator dequantize{.name = "dequantize",
                                 .options = "",
                                 .version = 2,
                                 .dtypes = "uint8, int8 -> float32; at the end",
                                 .check = check,
                                 .reference = reference,
                                 .emit = emit};

}  // namespace dragonet
