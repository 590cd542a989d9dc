#include <algorithm>
#include <set>
#include <string>

#include "ops/run_reference.h"
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

/// Variables that nodes read and assign; an LSTM's are its own, and tensors like others.
static std::vector<int> resource_variables_of(const Model& model) {
  std::set<int> variables;
  for (const Node& node : model.nodes)
    if ((node.op == "read_variable" || node.op == "assign_variable") && model.has_input(node, 0))
      variables.insert(node.inputs[0]);
  return {variables.begin(), variables.end()};
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
  const std::vector<int> outputs = node.op == "assign_variable" ? std::vector<int>{} : node.outputs;
  return tflite::CreateOperatorDirect(builder, opcode, &node.inputs, &outputs, options_type(op.options), options,
                                      nullptr, 0, nullptr, intermediates.empty() ? nullptr : &intermediates);
}

/// The format wants small codes in the old one-byte field too.
static Offset<tflite::OperatorCode> write_code(FlatBufferBuilder& builder, const std::string& name) {
  const tflite::BuiltinOperator code = builtin_operator(name);
  const auto old_code = static_cast<std::int8_t>(std::min(static_cast<int>(code), 127));
  const Operator* op = find_operator(name);
  return tflite::CreateOperatorCode(builder, old_code, 0, op ? op->version : 1, code);
}

static std::vector<std::string> distinct_operators(const Model& model) {
  std::vector<std::string> names;
  for (const Node& node : model.nodes)
    if (std::ranges::find(names, node.op) == names.end()) names.push_back(node.op);
  if (!resource_variables_of(model).empty())
    for (const char* name : {"call_once", "var_handle", "assign_variable"})
      if (std::ranges::find(names, name) == names.end()) names.emplace_back(name);
  return names;
}

static std::uint32_t code_of(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::uint32_t>(std::ranges::find(names, name) - names.begin());
}

static Offset<tflite::Tensor> write_handle(FlatBufferBuilder& builder, const Tensor& variable) {
  const std::vector<int> scalar;
  return tflite::CreateTensorDirect(builder, &scalar, tflite::TensorType::RESOURCE, 0, variable.name.c_str());
}

/// The node that makes a handle. Of two variables of one name, the container tells them apart.
static Offset<tflite::Operator> write_handle_node(FlatBufferBuilder& builder, const Model& model, int variable,
                                                  int tensor, std::uint32_t opcode) {
  const std::string container = std::to_string(variable), &name = model.tensors[variable].name;
  const auto options = tflite::CreateVarHandleOptionsDirect(builder, container.c_str(), name.c_str()).Union();
  const std::vector<int> inputs, outputs{tensor};
  return tflite::CreateOperatorDirect(builder, opcode, &inputs, &outputs, tflite::BuiltinOptions::VarHandleOptions,
                                      options);
}

/// In front of the model's own nodes: the initializer's call, and a handle for each variable.
static std::vector<Offset<tflite::Operator>> write_prelude(FlatBufferBuilder& builder, const Model& model,
                                                           const std::vector<std::string>& names) {
  std::vector<Offset<tflite::Operator>> nodes;
  const std::vector<int> variables = resource_variables_of(model), none;
  if (variables.empty()) return nodes;
  const auto options = tflite::CreateCallOnceOptions(builder, 1).Union();
  nodes.push_back(tflite::CreateOperatorDirect(builder, code_of(names, "call_once"), &none, &none,
                                               tflite::BuiltinOptions::CallOnceOptions, options));
  for (const int t : variables) nodes.push_back(write_handle_node(builder, model, t, t, code_of(names, "var_handle")));
  return nodes;
}

static Offset<tflite::SubGraph> write_graph(FlatBufferBuilder& builder, const Model& model,
                                            std::vector<Offset<tflite::Buffer>>& buffers) {
  const std::vector<int> variables = resource_variables_of(model);
  std::vector<Offset<tflite::Tensor>> tensors;
  for (int t = 0; t < static_cast<int>(model.tensors.size()); ++t) {
    const Tensor& tensor = model.tensors[t];
    if (tensor.is_constant()) buffers.push_back(write_buffer(builder, tensor.data));
    const bool is_handle = std::ranges::find(variables, t) != variables.end();
    tensors.push_back(is_handle ? write_handle(builder, tensor)
                                : write_tensor(builder, tensor, tensor.is_constant() ? buffers.size() - 1 : 0));
  }
  const std::vector<std::string> names = distinct_operators(model);
  std::vector<Offset<tflite::Operator>> nodes = write_prelude(builder, model, names);
  for (const Node& node : model.nodes) nodes.push_back(write_operator(builder, node, code_of(names, node.op)));
  return tflite::CreateSubGraphDirect(builder, &tensors, &model.inputs, &model.outputs, &nodes, "main");
}

/// The graph that assigns every variable what it begins with: tensors 2 i and 2 i + 1 are its handle and its value.
static Offset<tflite::SubGraph> write_initializer(FlatBufferBuilder& builder, const Model& model,
                                                  std::vector<Offset<tflite::Buffer>>& buffers) {
  const std::vector<std::string> names = distinct_operators(model);
  std::vector<Offset<tflite::Tensor>> tensors;
  std::vector<Offset<tflite::Operator>> nodes;
  const std::vector<int> none;
  for (const int t : resource_variables_of(model)) {
    const int handle = static_cast<int>(tensors.size());
    tensors.push_back(write_handle(builder, model.tensors[t]));
    buffers.push_back(write_buffer(builder, initial_value(model.tensors[t])));
    Tensor value = model.tensors[t];
    value.is_variable = false;
    tensors.push_back(write_tensor(builder, value, static_cast<std::uint32_t>(buffers.size()) - 1));
    nodes.push_back(write_handle_node(builder, model, t, handle, code_of(names, "var_handle")));
    const std::vector<int> inputs{handle, handle + 1};
    nodes.push_back(tflite::CreateOperatorDirect(builder, code_of(names, "assign_variable"), &inputs, &none));
  }
  return tflite::CreateSubGraphDirect(builder, &tensors, &none, &none, &nodes, "initializer");
}

Bytes serialize_tflite(const Model& model) {
  FlatBufferBuilder builder;
  std::vector<Offset<tflite::Buffer>> buffers{tflite::CreateBuffer(builder)};  // buffer 0 is empty by convention
  std::vector<Offset<tflite::SubGraph>> graphs{write_graph(builder, model, buffers)};
  if (!resource_variables_of(model).empty()) graphs.push_back(write_initializer(builder, model, buffers));
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
