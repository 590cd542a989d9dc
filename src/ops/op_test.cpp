#include "ops/op_test.h"

#include <algorithm>
#include <cmath>

#include "ops/op_cases.h"

namespace dragonet::testing {

Attributes window_attributes(std::int64_t padding, std::int64_t stride, std::int64_t activation) {
  return {{"padding", padding}, {"stride_h", stride}, {"stride_w", stride}, {"fused_activation_function", activation}};
}

Attributes pool_attributes(std::int64_t padding, std::int64_t size, std::int64_t stride) {
  Attributes attributes = window_attributes(padding, stride);
  attributes["filter_height"] = attributes["filter_width"] = size;
  return attributes;
}

Model one_node(const OneNode& one) {
  Model model{.name = "one", .source = "one.tflite", .inputs = {0}};
  model.tensors = {{.name = "in", .dtype = DType::int8, .shape = one.in, .quantization = one.in_quantization}};
  Node node{.op = one.op, .inputs = {0}, .attributes = one.attributes};
  const auto add_input = [&](const Tensor& tensor) {
    node.inputs.push_back(static_cast<int>(model.tensors.size()));
    model.tensors.push_back(tensor);
  };
  if (!one.weights_shape.empty())
    add_input(constant("weights", DType::int8, one.weights_shape, narrowed<std::int8_t>(one.weights),
                       one.weights_quantization));
  if (!one.bias.empty()) add_input(constant("bias", DType::int32, {static_cast<int>(one.bias.size())}, one.bias));
  node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
  model.tensors.push_back({.name = "out", .dtype = DType::int8, .quantization = one.out_quantization});
  model.tensors.back().shape = one.out.empty() ? find_operator(one.op)->shape(model, node) : one.out;
  model.nodes = {node};
  return model;
}

Model one_node(const std::string& op, const std::vector<Tensor>& inputs, const Attributes& attributes,
               const std::vector<Tensor>& outputs) {
  Model model{.name = "one", .source = "one.tflite", .tensors = inputs};
  Node node{.op = op, .attributes = attributes};
  for (int t = 0; t < static_cast<int>(inputs.size()); ++t) {
    node.inputs.push_back(t);
    if (is_computed(model, t)) model.inputs.push_back(t);
  }
  for (const Tensor& output : outputs) {
    node.outputs.push_back(static_cast<int>(model.tensors.size()));
    model.tensors.push_back(output);
  }
  for (const int t : model.outputs = node.outputs)
    if (model.tensors[t].shape.empty()) model.tensors[t].shape = find_operator(op)->shape(model, node);
  model.nodes = {node};
  return model;
}

Tensor numbers(const std::vector<std::int32_t>& elements) {
  return constant("numbers", DType::int32, {static_cast<int>(elements.size())}, elements);
}

Bytes bytes_of(const std::vector<int>& numbers) { return {numbers.begin(), numbers.end()}; }

std::vector<int> run(const Model& model, const std::vector<int>& in) {
  check_supported(model);
  const Bytes out = reference_output(model, bytes_of(in));
  const auto* first = reinterpret_cast<const std::int8_t*>(out.data());
  return {first, first + out.size()};
}

Model last_alone(Model model) {
  model.nodes = {model.nodes.back()};
  model.nodes[0].index = 0;
  model.outputs = model.nodes[0].outputs;
  model.inputs.clear();
  for (const int t : model.nodes[0].inputs)
    if (is_computed(model, t)) model.inputs.push_back(t);
  return model;
}

std::string refusal_of(const Model& model) try {
  check_supported(model);
  return "";
} catch (const Error& error) {
  for (const Problem& problem : error.problems)
    if (problem.where.empty() || problem.what.empty() || problem.next.empty()) return "a field is empty";
  return error.what();
}

int RandomModels::pick(int least, int most) { return std::uniform_int_distribution(least, most)(random_); }

float RandomModels::real(float least, float most) { return std::uniform_real_distribution(least, most)(random_); }

bool RandomModels::one_in(int n) { return pick(1, n) == 1; }

Model RandomModels::node(const std::string& op, DType dtype) {
  const bool is_row = op == "softmax" || (op == "fully_connected" && one_in(2));
  return node_on(op, is_row ? row_shape() : image(), dtype);
}

Model RandomModels::node_on(const std::string& op, const Shape& in, DType dtype) {
  Model model = start(in, dtype);
  if (op == "add" || op == "sub") append(model, "relu");
  append(model, op);
  return model;
}

Shape RandomModels::image() { return {1, pick(1, 9), pick(1, 9), pick(1, 9)}; }

Shape RandomModels::shape() {
  if (one_in(2)) return image();
  Shape shape;
  for (int rank = pick(1, 4); rank > 0; --rank) shape.push_back(pick(1, 6));
  return shape;
}

Quantization RandomModels::quantization(DType dtype) {
  if (dtype == DType::int8) return {{real(0.01f, 0.1f)}, {zero_point()}, 0};
  if (dtype == DType::int16) return {{real(0.0001f, 0.001f)}, {0}, 0};
  return {};
}

Tensor RandomModels::tensor(DType dtype, const Shape& shape) { return {"t", dtype, shape, quantization(dtype), {}}; }

Tensor RandomModels::with_values(Tensor tensor) {
  tensor.data = values(tensor);
  return tensor;
}

Bytes RandomModels::values(const Tensor& tensor) {
  Bytes bytes(tensor.bytes());
  if (tensor.dtype == DType::float32) return reals(bytes.size() / 4);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(pick(0, tensor.dtype == DType::boolean ? 1 : 255));
  return bytes;
}

Model RandomModels::chain() {
  static const std::vector<std::string> windows{"conv_2d", "depthwise_conv_2d", "average_pool_2d", "max_pool_2d",
                                                "relu6"};
  Model model = start({1, pick(4, 12), pick(4, 12), pick(1, 5)});
  for (int layers = pick(1, 4); layers > 0; --layers) append(model, windows[pick(0, 4)]);
  if (one_in(2)) append_residual(model);
  if (!one_in(3)) append(model, "reshape");
  if (!one_in(3)) append(model, "fully_connected");
  const Tensor& last = model.tensors[model.outputs[0]];  // a scale below 1e-6 leaves nothing to tell classes by
  if (last.shape.back() == element_count(last.shape) && last.quantization.scale[0] > 1e-6f) append(model, "softmax");
  return model;
}

Bytes RandomModels::input(const Model& model) {
  Bytes bytes;
  const bool is_flat = one_in(8);
  const int flat = one_in(2) ? -128 : 127;
  for (const int t : model.inputs) {
    const Tensor& tensor = model.tensors[t];
    Bytes part = values(tensor);
    if (is_flat && tensor.dtype == DType::int8) std::ranges::fill(part, static_cast<std::uint8_t>(flat));
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

Model RandomModels::start(const Shape& shape, DType dtype) {
  Model model{.name = "random", .source = "random.tflite", .inputs = {0}, .outputs = {0}};
  model.tensors = {tensor(dtype, shape)};
  return model;
}

Bytes RandomModels::reals(std::size_t count, float largest) {
  Tensor tensor{.dtype = DType::float32};
  std::vector<float> elements(count);
  for (float& element : elements) element = real(-largest, largest);
  set_values<float>(tensor, elements);
  return tensor.data;
}

void RandomModels::append_residual(Model& model) {
  append(model, "relu");
  append(model, "add");
}

void RandomModels::append(Model& model, const std::string& op) {
  Node node{.op = op, .index = static_cast<int>(model.nodes.size()), .inputs = model.outputs};
  const Tensor in = model.tensors[model.outputs[0]];
  Tensor out{.name = op, .dtype = in.dtype, .quantization = in.quantization};
  if (op == "conv_2d" || op == "depthwise_conv_2d" || op.ends_with("pool_2d")) add_window(node, in.shape);
  if (op == "conv_2d") add_conv_weights(model, node, out, in.shape[3]);
  if (op == "depthwise_conv_2d")
    add_weights(model, node, out, {1, kernel_.first, kernel_.second, in.shape[3] * pick(1, 3)}, 3);
  if (op == "fully_connected" && element_count(in.shape) == in.shape.back())
    node.attributes["keep_num_dims"] = pick(0, 1);
  if (op == "fully_connected")
    add_weights(model, node, out, {pick(1, 9), static_cast<int>(element_count(in.shape))}, 0);
  if (op == "softmax") {
    node.attributes["beta"] = one_in(4) ? 0.5 : 1.0;
    out.quantization = {{1.0f / 256}, {-128}, 0};
  }
  if ((op == "relu" || op == "relu6") && in.dtype == DType::int8)
    out.quantization = {{in.quantization.scale[0] * real(0.3f, 3)}, {zero_point()}};
  if (op == "add" || op == "sub") add_second_input(model, node, out);
  node.outputs = model.outputs = {static_cast<int>(model.tensors.size())};
  out.shape = reshaped(in.shape);
  model.tensors.push_back(out);
  if (op != "reshape") model.tensors.back().shape = find_operator(op)->shape(model, node);
  model.nodes.push_back(node);
}

void RandomModels::add_second_input(const Model& model, Node& node, Tensor& out) {
  node.inputs.push_back(model.nodes.back().inputs[0]);
  node.attributes["fused_activation_function"] = pick(none, relu6);
  if (out.dtype == DType::float32) return;
  const float scales = model.input(node, 0).quantization.scale[0] + model.input(node, 1).quantization.scale[0];
  out.quantization = {{scales * real(1, 2)}, {zero_point()}};
}

void RandomModels::add_conv_weights(Model& model, Node& node, Tensor& out, int in_channels) {
  const int groups = one_in(4) ? in_channels % 3 == 0 ? 3 : in_channels % 2 == 0 ? 2 : 1 : 1;
  add_weights(model, node, out, {groups * pick(1, 9 / groups), kernel_.first, kernel_.second, in_channels / groups}, 0);
}

void RandomModels::add_window(Node& node, const Shape& in) {
  const bool is_pool = node.op.ends_with("pool_2d");
  kernel_ = {pick(1, 4), pick(1, 4)};
  const int dilation_h = is_pool ? 1 : pick(1, 2), dilation_w = is_pool ? 1 : pick(1, 2);
  const bool fits = (kernel_.first - 1) * dilation_h < in[1] && (kernel_.second - 1) * dilation_w < in[2];
  node.attributes = window_attributes(fits ? pick(same, valid) : same, 1, pick(none, relu6));
  node.attributes["stride_h"] = pick(1, 3), node.attributes["stride_w"] = pick(1, 3);
  if (is_pool)
    node.attributes["filter_height"] = kernel_.first, node.attributes["filter_width"] = kernel_.second;
  else
    node.attributes["dilation_h_factor"] = dilation_h, node.attributes["dilation_w_factor"] = dilation_w;
}

void RandomModels::add_weights(Model& model, Node& node, Tensor& out, const Shape& shape, int axis) {
  const int channels = shape[axis], taps = static_cast<int>(element_count(shape)) / channels;
  if (node.op == "fully_connected") node.attributes["fused_activation_function"] = pick(none, relu6);
  if (out.dtype == DType::float32)
    add_constant(model, node, {"weights", out.dtype, shape, {}, reals(element_count(shape), 0.5f)});
  else
    add_int8_weights(model, node, shape, channels, axis);
  add_bias(model, node, out.dtype, channels);
  if (out.dtype == DType::float32) return;
  // Sums spread over some hundred steps; one in eight saturates nearly always, and its multiplier is above 1.
  const bool wide = out.dtype == DType::int16;
  const float spread =
      85 * std::sqrt(static_cast<float>(taps)) * real(0.5f, 4) * (one_in(8) && !wide ? 1.0f / 8192 : 1);
  out.quantization = {
      {model.tensors[node.inputs[0]].quantization.scale[0] * 0.01f * spread}, {wide ? 0 : zero_point()}, 0};
}

void RandomModels::add_int8_weights(Model& model, Node& node, const Shape& shape, int channels, int axis) {
  Quantization scales{std::vector<float>(one_in(3) ? 1 : channels), {}, axis};
  for (float& scale : scales.scale) scale = real(0.002f, 0.02f);
  scales.zero_point.resize(scales.scale.size());
  add_constant(model, node, with_values({"weights", DType::int8, shape, scales, {}}));
}

void RandomModels::add_bias(Model& model, Node& node, DType values, int channels) {
  if (one_in(4)) {
    if (one_in(2)) node.inputs.push_back(-1);  // both ways of leaving the bias out
    return;
  }
  std::vector<std::int64_t> bias(channels);
  for (std::int64_t& b : bias) b = pick(-20000, 20000);
  if (values == DType::float32)
    add_constant(model, node, with_values({.name = "bias", .dtype = values, .shape = {channels}}));
  else if (values == DType::int16 && one_in(2))
    add_constant(model, node, constant("bias", DType::int64, {channels}, bias));
  else
    add_constant(model, node,
                 constant("bias", DType::int32, {channels}, std::vector<std::int32_t>(bias.begin(), bias.end())));
}

void RandomModels::add_constant(Model& model, Node& node, const Tensor& tensor) {
  node.inputs.push_back(static_cast<int>(model.tensors.size()));
  model.tensors.push_back(tensor);
}

Shape RandomModels::row_shape() {
  const int classes = pick(1, 20);
  return one_in(2) ? Shape{1, classes} : Shape{1, 1, 1, classes};
}

Shape RandomModels::reshaped(const Shape& in) {
  const int count = static_cast<int>(element_count(in));
  const Shape shapes[] = {{1, count}, {count}, {1, 1, 1, count}, {1, count / in.back(), 1, in.back()}};
  return shapes[pick(0, 3)];
}

int RandomModels::zero_point() { return one_in(4) ? -128 : one_in(4) ? 127 : pick(-128, 127); }

std::vector<OperatorCases>& operator_cases() {
  static std::vector<OperatorCases> cases;
  return cases;
}

Cases::Cases(const OperatorCases& cases) { operator_cases().push_back(cases); }

Cases node_cases(const std::string& op, const std::vector<DType>& types) {
  return {{.op = op, .types = types, .make = [op](RandomModels& random, DType type) { return random.node(op, type); }}};
}

}  // namespace dragonet::testing
