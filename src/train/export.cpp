#include "train/export.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <random>

#include "ops/lstm.h"
#include "train/lstm_weights.h"

namespace dragonet {

/// The network as the chip will see it: a Dropout works only while training, so what takes one takes its input.
struct Graph {
  const Network& network;
  std::vector<Shape> shapes;
  std::vector<std::vector<int>> inputs;  // of every layer, as indices; -1: the image

  explicit Graph(const Network& network)
      : network(network), shapes(output_shapes(network)), inputs(input_indices(network)) {
    for (std::vector<int>& of_layer : inputs)
      for (int& i : of_layer)
        while (i >= 0 && network.layers[i].type == "Dropout") i = inputs[i][0];
  }

  Shape shape(int i) const {
    return i < 0 ? Shape{network.height, network.width, network.channels} : shapes[static_cast<std::size_t>(i)];
  }
  const std::string& type(int i) const { return network.layers[i].type; }

  /// The one layer that takes layer i's output, if it is of that type and the only one; otherwise -1.
  int only_consumer(int i, const std::string& of_type) const {
    int found = -1, count = 0;
    for (int j = 0; j < static_cast<int>(inputs.size()); ++j)
      for (const int input : inputs[j])
        if (input == i && type(j) != "Dropout") found = j, ++count;
    return count == 1 && type(found) == of_type ? found : -1;
  }
};

/// gamma * (y - mean) / sqrt(variance + epsilon) + beta, for the y of weights and bias, as one weight and one bias for
/// each output channel. Output channels are the outermost axis, but the innermost of a depthwise convolution.
static TrainedLayer fold_batch_norm(TrainedLayer layer, const TrainedLayer& norm, double epsilon, bool depthwise) {
  const std::size_t channels = norm.gamma.size(), each = layer.weights.size() / channels;
  std::vector<double> factor(channels);
  layer.bias.resize(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    factor[c] = norm.gamma[c] / std::sqrt(norm.variance[c] + epsilon);
    layer.bias[c] = static_cast<float>(norm.beta[c] + (layer.bias[c] - norm.mean[c]) * factor[c]);
  }
  for (std::size_t i = 0; i < layer.weights.size(); ++i)
    layer.weights[i] = static_cast<float>(layer.weights[i] * factor[depthwise ? i % channels : i / each]);
  return layer;
}

// Numbers of the .tflite schema's enumerations: Padding (SAME 0, VALID 1), ActivationFunctionType (NONE 0, RELU 1,
// RELU6 3).
static std::int64_t padding_number(const Layer& layer) { return layer.same ? 0 : 1; }
static std::int64_t activation_number(const Layer& relu) { return relu.max_value == 6 ? 3 : 1; }

/// A layer with those behind it that become part of the same node.
struct Fused {
  std::vector<int> layers;  // the one whose node it is first
  TrainedLayer trained;
  std::int64_t activation = 0;
};

static Fused fuse(const Graph& graph, int i, const std::vector<TrainedLayer>& layers) {
  const std::string& type = graph.type(i);
  Fused fused{.layers = {i}, .trained = layers[i]};
  const bool has_weights = !layers[i].weights.empty();
  const std::size_t biases = std::size_t(graph.shapes[i].back()) * (type == "LSTM" ? lstm_gates : 1);
  if (has_weights && layers[i].bias.empty()) fused.trained.bias.resize(biases);
  const auto take = [&](const char* next) {
    const int found = graph.only_consumer(fused.layers.back(), next);
    if (found >= 0) fused.layers.push_back(found);
    return found >= 0;
  };
  if (has_weights && take("BatchNormalization")) {
    const int norm = fused.layers.back();
    fused.trained =
        fold_batch_norm(fused.trained, layers[norm], graph.network.layers[norm].epsilon, type == "DepthwiseConv2D");
  }
  const bool can_clamp = (has_weights && type != "LSTM") || type == "Add" || type.ends_with("Pooling2D");
  if (can_clamp && take("ReLU")) fused.activation = activation_number(graph.network.layers[fused.layers.back()]);
  return fused;
}

/// Appends to a model, layer by layer.
class Exporter {
 public:
  Exporter(const Network& network, const std::vector<TrainedLayer>& layers)
      : graph_(network), layers_(layers), tensors_(network.layers.size() + 1, -1) {}

  Model run() {
    tensor_of(-1) = add_tensor(image_name, graph_.shape(-1));
    for (int i = 0; i < static_cast<int>(layers_.size()); ++i)
      if (tensor_of(i) < 0 && graph_.type(i) != "Dropout") add_layer(fuse(graph_, i, layers_));
    model_.inputs = {tensor_of(-1)};
    model_.outputs = {tensor_of(static_cast<int>(layers_.size()) - 1)};
    return std::move(model_);
  }

 private:
  const Layer& layer(const Fused& fused) const { return graph_.network.layers[fused.layers[0]]; }
  const Shape& shape(const Fused& fused) const { return graph_.shapes[fused.layers[0]]; }
  int& tensor_of(int layer) { return tensors_[layer + 1]; }  // -1: of the image

  int add_tensor(const std::string& name, Shape shape) {
    shape.insert(shape.begin(), 1);  // the batch
    model_.tensors.push_back({.name = name, .dtype = DType::float32, .shape = std::move(shape)});
    return static_cast<int>(model_.tensors.size()) - 1;
  }

  template <typename T>
  int add_constant(const std::string& name, DType dtype, const Shape& shape, const std::vector<T>& elements) {
    Tensor tensor{.name = name, .dtype = dtype, .shape = shape};
    set_values<T>(tensor, elements);
    model_.tensors.push_back(std::move(tensor));
    return static_cast<int>(model_.tensors.size()) - 1;
  }

  /// Returns its output.
  int add_node(const std::string& op, std::vector<int> inputs, const std::string& name, const Shape& shape,
               Attributes attributes) {
    const int index = static_cast<int>(model_.nodes.size()), output = add_tensor(name, shape);
    model_.nodes.push_back({op, index, std::move(inputs), {output}, std::move(attributes)});
    return output;
  }

  void add_layer(const Fused& fused) {
    std::vector<int> inputs;
    for (const int i : graph_.inputs[fused.layers[0]]) inputs.push_back(tensor_of(i));
    const int output = add_nodes(layer(fused).type, fused, inputs);
    for (const int i : fused.layers) tensor_of(i) = output;
  }

  using Inputs = std::vector<int>;
  using Add = int (Exporter::*)(const Fused&, const Inputs&);

  int add_nodes(const std::string& type, const Fused& fused, const Inputs& inputs) {
    static const std::map<std::string, Add> by_type{{"Conv2D", &Exporter::add_convolution},
                                                    {"DepthwiseConv2D", &Exporter::add_convolution},
                                                    {"Dense", &Exporter::add_dense},
                                                    {"MaxPooling2D", &Exporter::add_pool},
                                                    {"AveragePooling2D", &Exporter::add_pool},
                                                    {"GlobalMaxPooling2D", &Exporter::add_global_pool},
                                                    {"GlobalAveragePooling2D", &Exporter::add_global_pool},
                                                    {"ZeroPadding2D", &Exporter::add_zeros},
                                                    {"Flatten", &Exporter::add_reshape},
                                                    {"Reshape", &Exporter::add_reshape},
                                                    {"LSTM", &Exporter::add_lstm},
                                                    {"LastStep", &Exporter::add_last_step},
                                                    {"Add", &Exporter::add_sum},
                                                    {"Concatenate", &Exporter::add_concatenation},
                                                    {"ReLU", &Exporter::add_relu},
                                                    {"Softmax", &Exporter::add_softmax}};
    return (this->*by_type.at(type))(fused, inputs);
  }

  int add_sum(const Fused& fused, const Inputs& inputs) {
    return add_node("add", inputs, layer(fused).name, shape(fused), {{"fused_activation_function", fused.activation}});
  }
  int add_relu(const Fused& fused, const Inputs& inputs) {
    return add_node(layer(fused).max_value == 6 ? "relu6" : "relu", inputs, layer(fused).name, shape(fused), {});
  }
  int add_softmax(const Fused& fused, const Inputs& inputs) {
    return add_node("softmax", inputs, layer(fused).name, shape(fused), {{"beta", 1.0}});
  }
  int add_concatenation(const Fused& fused, const Inputs& inputs) {
    return add_node("concatenation", inputs, layer(fused).name, shape(fused),
                    {{"axis", std::int64_t{std::ssize(shape(fused))}}});  // the last: the batch is the first
  }

  int add_zeros(const Fused& fused, const Inputs& inputs) {
    const auto& [vertical, horizontal] = layer(fused).zeros;
    const std::vector<std::int32_t> paddings{0, 0, vertical.before, vertical.after, horizontal.before, horizontal.after,
                                             0, 0};
    const std::string& name = layer(fused).name;
    const int constant = add_constant(name + "/paddings", DType::int32, {4, 2}, paddings);
    return add_node("pad", {inputs[0], constant}, name, shape(fused), {});
  }

  std::vector<int> with_weights(const Fused& fused, int input) {
    const Shape in = graph_.shape(graph_.inputs[fused.layers[0]][0]);
    const int outputs = static_cast<int>(fused.trained.bias.size());
    const std::string& name = layer(fused).name;
    const Shape of_weights = weights_shape(layer(fused), in, shape(fused));
    const int weights = add_constant(name + "/kernel", DType::float32, of_weights, fused.trained.weights);
    return {input, weights, add_constant(name + "/bias", DType::float32, {outputs}, fused.trained.bias)};
  }

  static Attributes window_attributes(const Layer& layer, std::int64_t activation) {
    return {{"stride_w", std::int64_t{layer.strides.width}},
            {"stride_h", std::int64_t{layer.strides.height}},
            {"padding", padding_number(layer)},
            {"fused_activation_function", activation}};
  }

  int add_convolution(const Fused& fused, const Inputs& inputs) {
    const Layer& conv = layer(fused);
    const bool depthwise = conv.type == "DepthwiseConv2D";
    Attributes attributes = window_attributes(conv, fused.activation);
    attributes["dilation_w_factor"] = std::int64_t{conv.dilation.width};
    attributes["dilation_h_factor"] = std::int64_t{conv.dilation.height};
    if (depthwise) attributes["depth_multiplier"] = std::int64_t{conv.depth_multiplier};
    return add_node(depthwise ? "depthwise_conv_2d" : "conv_2d", with_weights(fused, inputs[0]), conv.name,
                    shape(fused), std::move(attributes));
  }

  int add_dense(const Fused& fused, const Inputs& inputs) {
    return add_node("fully_connected", with_weights(fused, inputs[0]), layer(fused).name, shape(fused),
                    {{"fused_activation_function", fused.activation}});
  }

  static std::string pool_operator(const Layer& pool) {
    return pool.type.find("Max") != std::string::npos ? "max_pool_2d" : "average_pool_2d";
  }

  int add_pool(const Fused& fused, const Inputs& inputs) {
    const Layer& pool = layer(fused);
    Attributes attributes = window_attributes(pool, fused.activation);
    attributes["filter_height"] = std::int64_t{pool.kernel.height};
    attributes["filter_width"] = std::int64_t{pool.kernel.width};
    return add_node(pool_operator(pool), inputs, pool.name, shape(fused), std::move(attributes));
  }

  /// The .tflite schema has no such operator: a pool over the whole map, then flat.
  int add_global_pool(const Fused& fused, const Inputs& inputs) {
    const Shape map = model_.tensors[inputs[0]].shape;
    Attributes attributes = window_attributes({.strides = 1}, fused.activation);
    attributes["filter_height"] = std::int64_t{map[1]};
    attributes["filter_width"] = std::int64_t{map[2]};
    const Layer& pool = layer(fused);
    return add_reshape(fused, {add_node(pool_operator(pool), inputs, pool.name + "/pool", {1, 1, map[3]}, attributes)});
  }

  int add_reshape(const Fused& fused, const Inputs& inputs) {
    return add_reshape(inputs[0], layer(fused).name, shape(fused));
  }

  int add_reshape(int input, const std::string& name, const Shape& shape) {
    std::vector<std::int32_t> target{1};
    target.insert(target.end(), shape.begin(), shape.end());
    const int constant = add_constant(name + "/shape", DType::int32, {static_cast<int>(target.size())}, target);
    return add_node("reshape", {input, constant}, name, shape,
                    {{"new_shape", std::vector<std::int64_t>(target.begin(), target.end())}});
  }

  int add_empty(const std::string& name, const Shape& shape, bool is_variable) {
    model_.tensors.push_back({.name = name, .shape = shape, .is_variable = is_variable});
    return static_cast<int>(model_.tensors.size()) - 1;
  }

  /// The operator's sequences are [batch, steps, values], ours maps of width 1.
  int add_lstm(const Fused& fused, const Inputs& inputs) {
    using namespace lstm_operands;
    const std::string& name = layer(fused).name;
    const int steps = shape(fused)[0], units = layer(fused).filters;
    const int values = model_.tensors[inputs[0]].shape.back();
    std::vector<int> operands(count, -1);
    operands[0] = add_reshape(inputs[0], name + "/in", {steps, values});
    const char* const gates[] = {"input", "forget", "cell", "output"};
    for (int gate = 0; gate < lstm_gates; ++gate) {
      const std::string of_gate = fmt::format("{}/{}_gate/", name, gates[gate]);
      operands[input_weights + gate] = add_empty(of_gate + "kernel", {units, values}, false);
      operands[recurrent_weights + gate] = add_empty(of_gate + "recurrent_kernel", {units, units}, false);
      operands[biases + gate] = add_empty(of_gate + "bias", {units}, false);
    }
    operands[output_state] = add_empty(name + "/output_state", {1, units}, true);
    operands[cell_state] = add_empty(name + "/cell_state", {1, units}, true);
    constexpr std::int64_t tanh_activation = 4;
    const int output = add_node("unidirectional_sequence_lstm", operands, name + "/cells", {steps, units},
                                {{"fused_activation_function", tanh_activation}});
    set_lstm_weights(model_, model_.nodes.back(), fused.trained.weights, fused.trained.bias);
    return add_reshape(output, name, shape(fused));
  }

  int add_last_step(const Fused& fused, const Inputs& inputs) {
    const std::string& name = layer(fused).name;
    const Shape in = model_.tensors[inputs[0]].shape;
    const auto indices = [&](const char* what, const std::vector<std::int32_t>& values) {
      return add_constant(name + what, DType::int32, {4}, values);
    };
    const int begin = indices("/begin", {0, in[1] - 1, 0, 0}), end = indices("/end", {1, in[1], 1, in[3]}),
              strides = indices("/strides", {1, 1, 1, 1});
    constexpr std::int64_t height_and_width = 6;  // bit i for dimension i
    return add_node("strided_slice", {inputs[0], begin, end, strides}, name, shape(fused),
                    {{"shrink_axis_mask", height_and_width}});
  }

  Graph graph_;
  const std::vector<TrainedLayer>& layers_;
  std::vector<int> tensors_;  // of the image and then of every layer; -1: not made yet
  Model model_;
};

Model export_model(const Network& network, const std::vector<TrainedLayer>& layers) {
  return Exporter(network, layers).run();
}

Shape weights_shape(const Layer& layer, const Shape& in, const Shape& out) {
  if (layer.type == "Conv2D") return {layer.filters, layer.kernel.height, layer.kernel.width, in[2]};
  if (layer.type == "DepthwiseConv2D") return {1, layer.kernel.height, layer.kernel.width, out[2]};
  if (layer.type == "Dense") return {layer.filters, in[0]};
  if (layer.type == "LSTM") return {lstm_gates * layer.filters, in[2] + layer.filters};
  return {};
}

/// With the variance of He et al. 2015 (arXiv:1502.01852), so that no layer's output is everywhere 0 or huge.
static TrainedLayer untrained_layer(const Layer& layer, const Shape& in, const Shape& out, std::mt19937& random) {
  if (layer.type == "BatchNormalization") {
    const std::vector<float> ones(out.back(), 1), zeros(out.back(), 0);
    return {.gamma = ones, .beta = zeros, .mean = zeros, .variance = ones};
  }
  const Shape shape = weights_shape(layer, in, out);
  if (shape.empty()) return {};
  TrainedLayer trained;
  trained.weights.resize(element_count(shape));
  const float terms = static_cast<float>(trained.weights.size()) / static_cast<float>(out.back());
  std::normal_distribution<float> normal(0, std::sqrt(2 / terms));
  for (float& weight : trained.weights) weight = normal(random);
  return trained;
}

Model untrained_model(const Network& network, std::uint64_t seed) {
  const Network whole = expanded(network);
  const Graph graph(whole);
  std::mt19937 random(static_cast<unsigned>(seed));
  std::vector<TrainedLayer> layers;
  for (std::size_t i = 0; i < whole.layers.size(); ++i)
    layers.push_back(untrained_layer(whole.layers[i], graph.shape(graph.inputs[i][0]), graph.shapes[i], random));
  Model model = export_model(whole, layers);
  model.source = "the network";
  return model;
}

}  // namespace dragonet
