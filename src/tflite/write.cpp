#include <algorithm>

#include "ops/operator.h"
#include "tflite/options.h"
#include "tflite/tflite.h"
#include "tflite/types.h"

namespace dragonet {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Offset;

static Offset<tflite::Buffer> write_buffer(FlatBufferBuilder& builder, std::span<const std::uint8_t> data) {
  builder.ForceVectorAlignment(data.size(), 1, 16);
  const auto bytes = builder.CreateVector(data.data(), data.size());
  return tflite::CreateBuffer(builder, bytes);
}

static Offset<tflite::QuantizationParameters> write_quantization(FlatBufferBuilder& builder, const Quantization& q) {
  if (q.scale.empty()) return 0;
  const std::vector<std::int64_t> zero_point(q.zero_point.begin(), q.zero_point.end());
  return tflite::CreateQuantizationParametersDirect(builder, nullptr, nullptr, &q.scale, &zero_point, 0, q.axis);
}

static Offset<tflite::Tensor> write_tensor(FlatBufferBuilder& builder, const Tensor& tensor, std::uint32_t buffer) {
  const auto quantization = write_quantization(builder, tensor.quantization);
  return tflite::CreateTensorDirect(builder, &tensor.shape, to_tflite(tensor.dtype), buffer, tensor.name.c_str(),
                                    quantization, tensor.is_variable);
}

static tflite::BuiltinOptions options_type(const std::string& options_name) {
  const auto& type = *tflite::BuiltinOptionsTypeTable();
  for (std::size_t i = 0; i < type.num_elems; ++i)
    if (options_name == type.names[i]) return static_cast<tflite::BuiltinOptions>(type.values[i]);
  return tflite::BuiltinOptions::NONE;
}

/// Tensors that only say scales, of an LSTM; they came from the file as an attribute.
static std::vector<int> intermediates_of(const Node& node) {
  const auto found = node.attributes.find("intermediates");
  if (found == node.attributes.end()) return {};
  const auto& tensors = std::get<std::vector<std::int64_t>>(found->second);
  return {tensors.begin(), tensors.end()};
}

static Offset<tflite::Operator> write_operator(FlatBufferBuilder& builder, const Node& node, std::uint32_t opcode) {
  const Operator& op = *find_operator(node.op);
  Offset<void> options = 0;
  if (*op.options) options = write_options(builder, op.options, node.attributes).Union();
  const std::vector<int> intermediates = intermediates_of(node);
  return tflite::CreateOperatorDirect(builder, opcode, &node.inputs, &node.outputs, options_type(op.options), options,
                                      nullptr, 0, nullptr, intermediates.empty() ? nullptr : &intermediates);
}

/// The format wants small codes in the old one-byte field too.
static Offset<tflite::OperatorCode> write_code(FlatBufferBuilder& builder, const std::string& name) {
  const tflite::BuiltinOperator code = builtin_operator(name);
  const auto old_code = static_cast<std::int8_t>(std::min(static_cast<int>(code), 127));
  return tflite::CreateOperatorCode(builder, old_code, 0, find_operator(name)->version, code);
}

static std::vector<std::string> distinct_operators(const Model& model) {
  std::vector<std::string> names;
  for (const Node& node : model.nodes)
    if (std::ranges::find(names, node.op) == names.end()) names.push_back(node.op);
  return names;
}

static Offset<tflite::SubGraph> write_graph(FlatBufferBuilder& builder, const Model& model,
                                            std::vector<Offset<tflite::Buffer>>& buffers) {
  std::vector<Offset<tflite::Tensor>> tensors;
  for (const Tensor& tensor : model.tensors) {
    if (tensor.is_constant()) buffers.push_back(write_buffer(builder, tensor.data));
    tensors.push_back(write_tensor(builder, tensor, tensor.is_constant() ? buffers.size() - 1 : 0));
  }
  const std::vector<std::string> names = distinct_operators(model);
  std::vector<Offset<tflite::Operator>> nodes;
  for (const Node& node : model.nodes)
    nodes.push_back(write_operator(builder, node, std::ranges::find(names, node.op) - names.begin()));
  return tflite::CreateSubGraphDirect(builder, &tensors, &model.inputs, &model.outputs, &nodes, "main");
}

Bytes serialize_tflite(const Model& model) {
  FlatBufferBuilder builder;
  std::vector<Offset<tflite::Buffer>> buffers{tflite::CreateBuffer(builder)};  // buffer 0 is empty by convention
  const std::vector<Offset<tflite::SubGraph>> graphs{write_graph(builder, model, buffers)};
  std::vector<Offset<tflite::OperatorCode>> codes;
  for (const std::string& name : distinct_operators(model)) codes.push_back(write_code(builder, name));
  std::vector<Offset<tflite::Metadata>> metadata;
  for (const auto& [name, text] : model.metadata) {
    buffers.push_back(write_buffer(builder, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}));
    metadata.push_back(tflite::CreateMetadataDirect(builder, name.c_str(), buffers.size() - 1));
  }
  tflite::FinishModelBuffer(builder, tflite::CreateModelDirect(builder, 3, &codes, &graphs, model.name.c_str(),
                                                               &buffers, nullptr, &metadata));
  return {builder.GetBufferPointer(), builder.GetBufferPointer() + builder.GetSize()};
}

}  // namespace dragonet
