#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace dragonet {

/// float16 is what files keep weights in; once read, they are float32.
enum class DType { float32, int8, int16, int32, int64, uint8, boolean, float16 };
std::size_t size_of(DType dtype);
const char* name_of(DType dtype);

/// Outermost first; images are NHWC, convolution weights OHWI (depthwise 1HWC), as in the .tflite file; never reversed.
using Shape = std::vector<int>;
std::int64_t element_count(const Shape& shape);
std::string text_of(const Shape& shape);  // "1x32x32x3"

/// real = scale * (q - zero_point). One entry per tensor, or one per index along `axis`; none: not quantized.
struct Quantization {
  std::vector<float> scale;
  std::vector<std::int32_t> zero_point;
  int axis = 0;
  bool operator==(const Quantization&) const = default;
};

struct Tensor {
  std::string name;
  DType dtype = DType::float32;
  Shape shape;
  Quantization quantization;
  std::vector<std::uint8_t> data;          // of a constant, little-endian; empty where the value is computed
  bool is_variable = false;                // memory, which goes on from one inference to the next
  std::vector<std::uint8_t> initial = {};  // of a variable, as it begins; empty: all of it stands for zero
  bool is_constant() const { return !data.empty(); }
  std::size_t bytes() const { return static_cast<std::size_t>(element_count(shape)) * size_of(dtype); }
};

/// A constant's elements. `T` must be the C++ type of its dtype.
template <typename T>
std::span<const T> values(const Tensor& tensor) {
  return {reinterpret_cast<const T*>(tensor.data.data()), tensor.data.size() / sizeof(T)};
}
template <typename T>
void set_values(Tensor& tensor, std::span<const T> elements) {
  const auto* first = reinterpret_cast<const std::uint8_t*>(elements.data());
  tensor.data.assign(first, first + elements.size_bytes());
}

/// Named as the fields of the operator's options in the .tflite schema: "stride_w", "fused_activation_function".
using Attribute = std::variant<std::int64_t, double, std::vector<std::int64_t>>;
using Attributes = std::map<std::string, Attribute>;

struct Node {
  std::string op;                    // the .tflite operator's name in lower case: "conv_2d"
  int index = 0;                     // position in Model::nodes
  std::vector<int> inputs, outputs;  // into Model::tensors; -1 where an optional input is left out
  Attributes attributes;
  /// The attribute, or `otherwise` where the file leaves it at its default.
  std::int64_t integer(const std::string& name, std::int64_t otherwise = 0) const;
  double real(const std::string& name, double otherwise = 0) const;
};

/// A network as a list of nodes in an order in which they can run.
struct Model {
  std::string name;    // an identifier; the emitted code's namespace
  std::string source;  // the file it came from, for messages
  std::vector<Tensor> tensors;
  std::vector<Node> nodes;
  std::vector<int> inputs, outputs;             // into tensors
  std::map<std::string, std::string> metadata;  // "dragonet.json": labels, features and provenance; others kept
  std::vector<std::string> remarks;             // sentences about what reading the file changed, for whoever gave it

  const Tensor& input(const Node& node, int i) const { return tensors[node.inputs[i]]; }
  const Tensor& output(const Node& node, int i = 0) const { return tensors[node.outputs[i]]; }
  bool has_input(const Node& node, int i) const { return i < (int)node.inputs.size() && node.inputs[i] >= 0; }
};

/// "model.tflite, node 3 (conv_2d, sequential/conv1/Relu)", for messages.
std::string describe(const Model& model, const Node& node);

/// `text` as a name that emitted code can have for its namespace and its header: letters, digits and _ only, and
/// "model_" before what C++, its library or the firmware have a use for already ("class", "index", "time").
std::string identifier_of(const std::string& text);

}  // namespace dragonet
