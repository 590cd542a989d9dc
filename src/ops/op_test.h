// Models of one node by hand, and of one or several at random, for the tests of operators and of what is built on them.
#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "ops/check.h"
#include "ops/run_reference.h"

namespace dragonet::testing {

enum { same, valid };                      // padding
enum { none, relu, relu_n1_to_1, relu6 };  // fused_activation_function

/// What RandomModels::node makes.
inline const std::vector<std::string> layer_names{
    "add",   "average_pool_2d", "conv_2d", "depthwise_conv_2d", "fully_connected", "max_pool_2d", "relu",
    "relu6", "reshape",         "softmax"};

inline const Quantization plain{{1.0f}, {0}, 0};  // an int8 is its real value

template <typename T>
Tensor constant(const std::string& name, DType dtype, const Shape& shape, const std::vector<T>& elements,
                const Quantization& quantization = {}) {
  Tensor tensor{.name = name, .dtype = dtype, .shape = shape, .quantization = quantization};
  set_values<T>(tensor, elements);
  return tensor;
}

template <typename T>
std::vector<T> narrowed(const std::vector<int>& numbers) {
  return {numbers.begin(), numbers.end()};
}

/// A model of one int8 node.
struct OneNode {
  std::string op;
  Shape in;
  Attributes attributes{};
  Shape weights_shape{};               // none: no weights
  std::vector<int> weights{}, bias{};  // no bias: none
  Quantization in_quantization = plain, weights_quantization = plain, out_quantization = plain;
  Shape out{};  // of reshape; else the operator's shape rule says it
};

Attributes window_attributes(std::int64_t padding, std::int64_t stride = 1, std::int64_t activation = none);
Attributes pool_attributes(std::int64_t padding, std::int64_t size, std::int64_t stride);

Model one_node(const OneNode& one);

/// A model of one node. Inputs that are neither constant nor variable are the model's; outputs without a shape get the
/// operator's.
Model one_node(const std::string& op, const std::vector<Tensor>& inputs, const Attributes& attributes,
               const std::vector<Tensor>& outputs);

/// A constant of int32, as axes, sizes and paddings are given.
Tensor numbers(const std::vector<std::int32_t>& elements);

Bytes bytes_of(const std::vector<int>& numbers);

std::vector<int> run(const Model& model, const std::vector<int>& in);

/// The bytes of values of several types, back to back, as a model's inputs are given.
template <typename... Values>
Bytes packed(const std::vector<Values>&... parts) {
  Bytes bytes;
  const auto add = [&](const auto& part) {
    const auto* first = reinterpret_cast<const std::uint8_t*>(part.data());
    bytes.insert(bytes.end(), first, first + part.size() * sizeof(part[0]));
  };
  (add(parts), ...);
  return bytes;
}

/// What a model makes of them, as values of its first output's type.
template <typename Out, typename... Values>
std::vector<Out> answer(const Model& model, const std::vector<Values>&... in) {
  check_supported(model);
  const Bytes out = reference_output(model, packed(in...));
  const auto* first = reinterpret_cast<const Out*>(out.data());
  return {first, first + out.size() / sizeof(Out)};
}

/// Of a model's last node a model of its own: what other nodes computed for it becomes an input.
Model last_alone(Model model);

/// What check_supported says of the model; "" if it can run.
std::string refusal_of(const Model& model);

/// Random models, inputs and what they are made of. Deterministic: one seed, one sequence.
class RandomModels {
 public:
  explicit RandomModels(unsigned seed) : random_(seed) {}
  int pick(int least, int most);
  float real(float least, float most);
  bool one_in(int n);

  /// One node of those that `chain` is made of; before `add` a relu, so that it has two inputs, of unequal scales.
  Model node(const std::string& op, DType dtype = DType::int8);

  /// The same of that input.
  Model node_on(const std::string& op, const Shape& in, DType dtype = DType::int8);

  Shape image();

  /// Of one to four dimensions, most often an image's.
  Shape shape();

  /// As values of that type usually are quantized; none of floats.
  Quantization quantization(DType dtype);

  Tensor tensor(DType dtype, const Shape& shape);

  /// The same tensor with values of its own, a constant.
  Tensor with_values(Tensor tensor);

  /// Any that its type can hold; reals of -4 to 4.
  Bytes values(const Tensor& tensor);

  /// Several windows, some with a residual branch around them, then reshape, fully connected and softmax; some left
  /// out.
  Model chain();

  /// All inputs back to back. One in eight is flat: all lowest or all highest bytes.
  Bytes input(const Model& model);

 private:
  Model start(const Shape& shape, DType dtype = DType::int8);
  Bytes reals(std::size_t count, float largest = 4);

  /// What lies there, and relu of it, added.
  void append_residual(Model& model);

  void append(Model& model, const std::string& op);

  /// The input of the node before. Errors of half a step in either come to no more than half a step of the sum.
  void add_second_input(const Model& model, Node& node, Tensor& out);

  /// In groups where the channels have a divisor, one time in four.
  void add_conv_weights(Model& model, Node& node, Tensor& out, int in_channels);

  /// Strides, dilation, padding, activation and a kernel; VALID only where the kernel fits.
  void add_window(Node& node, const Shape& in);

  void add_weights(Model& model, Node& node, Tensor& out, const Shape& shape, int axis);
  void add_int8_weights(Model& model, Node& node, const Shape& shape, int channels, int axis);
  void add_bias(Model& model, Node& node, DType values, int channels);
  static void add_constant(Model& model, Node& node, const Tensor& tensor);
  Shape row_shape();
  Shape reshaped(const Shape& in);
  int zero_point();

  std::mt19937 random_;
  std::pair<int, int> kernel_;  // height, width: of the window added last
};

}  // namespace dragonet::testing
