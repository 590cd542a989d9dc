// A converter told only to optimise makes the weights int8 and leaves the values float32: dynamic-range quantization.
// TensorFlow Lite then quantizes values as it runs. A chip without a float unit gains nothing by that, so such a model
// runs as float32 here, and a remark says what full-integer conversion would save.
#include <fmt/format.h>

#include "model/codec.h"
#include "tflite/known_forms.h"

namespace dragonet {

static bool is_quantized(const Tensor& tensor) {
  const bool is_integer = tensor.dtype == DType::int8 || tensor.dtype == DType::uint8 || tensor.dtype == DType::int16 ||
                          tensor.dtype == DType::int32;
  return is_integer && tensor.is_constant() && !tensor.quantization.scale.empty();
}

static Tensor as_floats(Tensor tensor) {
  tensor.data = bytes_of(floats_of(tensor, tensor.data));
  tensor.dtype = DType::float32;
  tensor.quantization = {};
  return tensor;
}

/// Each constant once, since many nodes may share it; others may need it as it is.
namespace {
struct FloatTwins {
  Model& model;
  std::vector<int> twin_of = std::vector<int>(model.tensors.size(), -1);
  std::int64_t integer_bytes = 0, count = 0;

  void note(const Tensor& tensor) {
    integer_bytes += static_cast<std::int64_t>(tensor.data.size());
    count += element_count(tensor.shape);
  }
  int twin(int tensor) {
    if (twin_of[tensor] >= 0) return twin_of[tensor];
    note(model.tensors[tensor]);
    model.tensors.push_back(as_floats(model.tensors[tensor]));
    return twin_of[tensor] = static_cast<int>(model.tensors.size()) - 1;
  }
};
}  // namespace

static bool is_dequantized(const Model& model, const Node& node) {
  return node.op == "dequantize" && node.inputs.size() == 1 && node.outputs.size() == 1 && model.has_input(node, 0) &&
         is_quantized(model.input(node, 0)) && model.output(node).dtype == DType::float32 &&
         model.output(node).shape == model.input(node, 0).shape;
}

static bool computes_floats(const Model& model, const Node& node) {
  return node.op != "dequantize" && node.op != "cast" && !node.outputs.empty() &&
         model.output(node).dtype == DType::float32;
}

static void say(Model& model, const FloatTwins& twins) {
  model.remarks.push_back(fmt::format(
      "dynamic-range quantization: its weights are integers, {} B, and its values float32, so it runs as float32, with "
      "weights of {} B; full-integer conversion makes them {} B and needs no float arithmetic: `dragonet convert {} "
      "--samples FOLDER -o OUT.tflite`",
      twins.integer_bytes, 4 * twins.count, twins.count, model.source));
}

Model with_float_weights(Model model) {
  FloatTwins twins{model};
  std::vector<bool> is_done;
  for (Node& node : model.nodes) {
    is_done.push_back(is_dequantized(model, node));
    if (is_done.back()) {
      twins.note(model.input(node, 0));
      model.tensors[node.outputs[0]].data = as_floats(model.input(node, 0)).data;
    } else if (computes_floats(model, node)) {
      for (int& t : node.inputs)
        if (t >= 0 && is_quantized(model.tensors[t])) t = twins.twin(t);
    }
  }
  erase_nodes(model, is_done);
  if (twins.count > 0) say(model, twins);
  return model;
}

}  // namespace dragonet
