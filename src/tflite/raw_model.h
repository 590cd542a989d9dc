// Files that serialize_tflite would never write, for the tests: whatever the format's tables can hold.
#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "tflite/options.h"
#include "tflite_generated.h"

namespace dragonet::testing {

struct RawTensor {
  Shape shape;
  tflite::TensorType type = tflite::TensorType::INT8;
  Bytes data{};  // none: computed
  std::vector<float> scale{1};
  std::vector<std::int64_t> zero_point{0};
  int axis = 0;
  bool is_sparse = false;
  std::uint64_t data_offset = 0;          // over 1: its data lie behind the flatbuffer
  std::uint8_t details_type = 0;          // of another scheme of quantization
  std::vector<std::int32_t> signature{};  // the shape with -1 for open sides
  bool is_variable = false;
  int shared = 0;  // so many more tensors like it have the same bytes, behind all others
  std::string name = "tensor";
};

struct RawNode {
  int code;  // of the format, also those that tflite.fbs does not name
  std::vector<int> inputs, outputs;
  std::string options{};  // "Pool2DOptions"
  Attributes attributes{};
  std::string handle{};  // of a VAR_HANDLE: the variable's name
};

/// Tensor 0 is the input and the last one the output, unless they are named.
struct RawModel {
  std::vector<RawTensor> tensors;
  std::vector<RawNode> nodes;
  std::vector<int> inputs{0}, outputs{};
  std::uint32_t version = 3;
  std::vector<RawModel> more_graphs{};  // their inputs and outputs are those that they name
};

/// Numbers as the bytes of a constant.
template <typename T>
Bytes data_of_values(const std::vector<T>& values) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(values.data());
  return {first, first + values.size() * sizeof(T)};
}

class RawWriter {
 public:
  Bytes write(const RawModel& model) && {
    const std::vector<int> last{static_cast<int>(model.tensors.size()) - 1};
    std::vector graphs{write_graph(model, model.outputs.empty() ? last : model.outputs)};
    for (const RawModel& more : model.more_graphs) graphs.push_back(write_graph(more, more.outputs));
    tflite::FinishModelBuffer(builder_,
                              tflite::CreateModelDirect(builder_, model.version, &codes_, &graphs, "", &buffers_));
    return {builder_.GetBufferPointer(), builder_.GetBufferPointer() + builder_.GetSize()};
  }

 private:
  flatbuffers::Offset<tflite::SubGraph> write_graph(const RawModel& model, const std::vector<int>& outputs) {
    std::vector<flatbuffers::Offset<tflite::Tensor>> tensors;
    for (const RawTensor& tensor : model.tensors) tensors.push_back(write(tensor));
    for (std::size_t t = 0; t < model.tensors.size(); ++t)
      tensors.insert(tensors.end(), model.tensors[t].shared, tensors[t]);
    std::vector<flatbuffers::Offset<tflite::Operator>> nodes;
    for (const RawNode& node : model.nodes) nodes.push_back(write(node));
    return tflite::CreateSubGraphDirect(builder_, &tensors, &model.inputs, &outputs, &nodes, "graph");
  }

  flatbuffers::Offset<tflite::Tensor> write(const RawTensor& tensor) {
    std::uint32_t buffer = 0;
    if (!tensor.data.empty() || tensor.data_offset > 0) {
      buffer = static_cast<std::uint32_t>(buffers_.size());
      buffers_.push_back(tflite::CreateBuffer(builder_, builder_.CreateVector(tensor.data), tensor.data_offset, 1));
    }
    const auto name = builder_.CreateString(tensor.name);
    const auto shape = builder_.CreateVector(tensor.shape);
    const auto quantization = tflite::CreateQuantizationParametersDirect(
        builder_, nullptr, nullptr, &tensor.scale, &tensor.zero_point, tensor.details_type, tensor.axis);
    const flatbuffers::Offset<tflite::SparsityParameters> sparsity =
        tensor.is_sparse ? tflite::CreateSparsityParameters(builder_) : 0;
    const flatbuffers::Offset<flatbuffers::Vector<std::int32_t>> signature =
        tensor.signature.empty() ? 0 : builder_.CreateVector(tensor.signature);
    return tflite::CreateTensor(builder_, shape, tensor.type, buffer, name, quantization, tensor.is_variable, sparsity,
                                signature);
  }

  flatbuffers::Offset<tflite::Operator> write(const RawNode& node) {
    const auto old_code = static_cast<std::int8_t>(std::min(node.code, 127));
    codes_.push_back(
        tflite::CreateOperatorCode(builder_, old_code, 0, 1, static_cast<tflite::BuiltinOperator>(node.code)));
    const auto opcode = static_cast<std::uint32_t>(codes_.size()) - 1;
    if (!node.handle.empty()) {
      const auto handle = tflite::CreateVarHandleOptionsDirect(builder_, "", node.handle.c_str()).Union();
      return tflite::CreateOperatorDirect(builder_, opcode, &node.inputs, &node.outputs,
                                          tflite::BuiltinOptions::VarHandleOptions, handle);
    }
    if (node.options.empty()) return tflite::CreateOperatorDirect(builder_, opcode, &node.inputs, &node.outputs);
    const auto options = write_options(builder_, node.options, node.attributes).Union();
    return tflite::CreateOperatorDirect(builder_, opcode, &node.inputs, &node.outputs, union_type(node.options),
                                        options);
  }

  static tflite::BuiltinOptions union_type(const std::string& options) {
    for (const tflite::BuiltinOptions type : tflite::EnumValuesBuiltinOptions())
      if (tflite::EnumNameBuiltinOptions(type) == options) return type;
    return tflite::BuiltinOptions::NONE;
  }

  flatbuffers::FlatBufferBuilder builder_;
  std::vector<flatbuffers::Offset<tflite::Buffer>> buffers_{tflite::CreateBuffer(builder_)};
  std::vector<flatbuffers::Offset<tflite::OperatorCode>> codes_;
};

inline Bytes written(const RawModel& model) { return RawWriter{}.write(model); }

}  // namespace dragonet::testing
