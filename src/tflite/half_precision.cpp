// A converter told to optimise for size in half precision keeps each weight as float16 behind a DEQUANTIZE that makes
// it float32 again; nothing is computed with 16 bits. Here the weights are widened once, to the bit as DEQUANTIZE does
// it.
#include <fmt/format.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "base/error.h"
#include "model/codec.h"
#include "tflite/known_forms.h"

namespace dragonet {

/// IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction.
static float widened(std::uint16_t half) {
  const int exponent = half >> 10 & 31, fraction = half & 1023;
  const float sign = (half & 0x8000) ? -1.0f : 1.0f;
  if (exponent == 31) return fraction ? std::numeric_limits<float>::quiet_NaN() : sign * INFINITY;
  const int whole = exponent == 0 ? fraction : fraction + 1024;
  return sign * std::ldexp(static_cast<float>(whole), std::max(exponent, 1) - 25);
}

static void widen(Tensor& tensor) {
  std::vector<float> reals;
  for (const std::uint16_t half : values<std::uint16_t>(tensor)) reals.push_back(widened(half));
  tensor.dtype = DType::float32;
  tensor.quantization = {};
  tensor.data = bytes_of(reals);
}

static void require_weights(const Model& model) {
  std::vector<Problem> found;
  for (std::size_t t = 0; t < model.tensors.size(); ++t)
    if (const Tensor& tensor = model.tensors[t]; tensor.dtype == DType::float16 && !tensor.is_constant())
      found.push_back({fmt::format("{}, tensor {} ({})", model.source, t, tensor.name),
                       "is float16, and no constant: only weights may be in half precision",
                       "export the model with float32 values, or as int8"});
  if (!found.empty()) throw Error(std::move(found));
}

static bool is_widening(const Model& model, const Node& node) {
  return (node.op == "dequantize" || node.op == "cast") && node.inputs.size() == 1 && node.outputs.size() == 1 &&
         model.has_input(node, 0) && model.input(node, 0).dtype == DType::float16 &&
         model.output(node).dtype == DType::float32 && model.output(node).shape == model.input(node, 0).shape;
}

Model with_halves_widened(Model model) {
  std::vector<bool> is_done;
  for (const Node& node : model.nodes)
    is_done.push_back(is_widening(model, node) && model.input(node, 0).is_constant());
  std::size_t bytes = 0;
  for (Tensor& tensor : model.tensors)
    if (tensor.dtype == DType::float16 && tensor.is_constant()) bytes += tensor.data.size(), widen(tensor);
  if (bytes > 0)
    model.remarks.push_back(fmt::format(
        "its weights are in half precision, {0} B: they are widened to float32, {1} B; as int8 they take {2} B: "
        "`dragonet convert {3} --samples FOLDER -o OUT.tflite`",
        bytes, 2 * bytes, bytes / 2, model.source));
  for (const Node& node : model.nodes)
    if (is_done[node.index]) model.tensors[node.outputs[0]].data = model.input(node, 0).data;
  erase_nodes(model, is_done);
  require_weights(model);
  return model;
}

}  // namespace dragonet
