#include "train/export.h"

#include <fmt/format.h>

#include <cmath>
#include <map>

namespace dragonet {

/// Appends to a model, layer by layer; `last` is the tensor that the next layer takes.
struct Exporter {
  Model model;
  int last = -1;
  std::map<std::string, int> names;  // how many layers have each name already

  std::string numbered(const std::string& name) { return fmt::format("{}_{}", name, ++names[name]); }

  int add_tensor(Tensor tensor) {
    model.tensors.push_back(std::move(tensor));
    return static_cast<int>(model.tensors.size()) - 1;
  }

  template <typename T>
  int add_constant(const std::string& name, DType dtype, Shape shape, const std::vector<T>& elements) {
    Tensor tensor{.name = name, .dtype = dtype, .shape = std::move(shape), .quantization = {}, .data = {}};
    set_values<T>(tensor, elements);
    return add_tensor(std::move(tensor));
  }

  /// A node that takes the last tensor, and `constants` behind it, and gives the tensor `name`.
  void add_node(const std::string& op, const std::string& name, const std::vector<int>& constants, const Shape& shape,
                Attributes attributes) {
    Node node{
        .op = op, .index = static_cast<int>(model.nodes.size()), .inputs = {last}, .outputs = {}, .attributes = {}};
    node.inputs.insert(node.inputs.end(), constants.begin(), constants.end());
    node.attributes = std::move(attributes);
    last = add_tensor({.name = name, .dtype = DType::float32, .shape = shape, .quantization = {}, .data = {}});
    node.outputs = {last};
    model.nodes.push_back(std::move(node));
  }
};

/// gamma * (w x - mean) / sqrt(variance + epsilon) + beta, as one weight and one bias for each output channel.
/// Output channels are the outermost axis, but the innermost of a depthwise convolution.
static TrainedLayer fold_batch_norm(TrainedLayer trained, bool depthwise) {
  const std::size_t channels = trained.gamma.size(), each = trained.weights.size() / std::max<std::size_t>(channels, 1);
  if (channels == 0) return trained;
  std::vector<double> factor(channels);
  trained.bias.resize(channels);
  for (std::size_t c = 0; c < channels; ++c) {
    factor[c] = trained.gamma[c] / std::sqrt(trained.variance[c] + batch_norm_epsilon);
    trained.bias[c] = static_cast<float>(trained.beta[c] - trained.mean[c] * factor[c]);
  }
  for (std::size_t i = 0; i < trained.weights.size(); ++i)
    trained.weights[i] = static_cast<float>(trained.weights[i] * factor[depthwise ? i % channels : i / each]);
  return trained;
}

// Numbers of the .tflite schema's enumerations: Padding (SAME 0, VALID 1), ActivationFunctionType (NONE 0, RELU 1).
static std::int64_t padding_number(const Layer& layer) { return layer.same ? 0 : 1; }
static std::int64_t activation_number(const Layer& layer) { return layer.relu ? 1 : 0; }

static Attributes window_attributes(const Layer& layer) {
  return {{"stride_w", std::int64_t{layer.stride}},
          {"stride_h", std::int64_t{layer.stride}},
          {"padding", padding_number(layer)},
          {"fused_activation_function", activation_number(layer)}};
}

static std::vector<int> add_weights(Exporter& exporter, const std::string& name, const Shape& shape,
                                    const TrainedLayer& trained) {
  const int outputs = static_cast<int>(trained.bias.size());
  return {exporter.add_constant(name + "/kernel", DType::float32, shape, trained.weights),
          exporter.add_constant(name + "/bias", DType::float32, {outputs}, trained.bias)};
}

static Attributes convolution_attributes(const Layer& layer) {
  Attributes attributes = window_attributes(layer);
  attributes["dilation_w_factor"] = attributes["dilation_h_factor"] = std::int64_t{1};
  return attributes;
}

static Shape shape_of(const MapSize& size) { return {1, size.height, size.width, size.channels}; }

static void add_convolution(Exporter& exporter, const Layer& layer, const MapSize& in, const MapSize& out,
                            const TrainedLayer& trained) {
  const std::string name = exporter.numbered("conv");
  const Shape kernel{layer.filters, layer.kernel, layer.kernel, in.channels};
  exporter.add_node("conv_2d", name, add_weights(exporter, name, kernel, trained), shape_of(out),
                    convolution_attributes(layer));
}

static void add_depthwise(Exporter& exporter, const Layer& layer, const MapSize& out, const TrainedLayer& trained) {
  const std::string name = exporter.numbered("depthwise_conv");
  const Shape kernel{1, layer.kernel, layer.kernel, out.channels};
  Attributes attributes = convolution_attributes(layer);
  attributes["depth_multiplier"] = std::int64_t{1};
  exporter.add_node("depthwise_conv_2d", name, add_weights(exporter, name, kernel, trained), shape_of(out), attributes);
}

static void add_pool(Exporter& exporter, const std::string& op, const std::string& name, const Layer& layer,
                     const MapSize& filter, const MapSize& out) {
  Attributes attributes = window_attributes(layer);
  attributes["filter_height"] = std::int64_t{filter.height};
  attributes["filter_width"] = std::int64_t{filter.width};
  exporter.add_node(op, exporter.numbered(name), {}, shape_of(out), attributes);
}

static void add_reshape(Exporter& exporter, int elements) {
  const std::string name = exporter.numbered("flatten");
  const int shape = exporter.add_constant<std::int32_t>(name + "/shape", DType::int32, {2}, {1, elements});
  exporter.add_node("reshape", name, {shape}, {1, elements}, {{"new_shape", std::vector<std::int64_t>{1, elements}}});
}

/// The .tflite schema has no such operator: a pool over the whole map, then flat.
static void add_global_average(Exporter& exporter, const MapSize& in) {
  const Layer whole{.type = "AveragePooling2D", .same = false};
  add_pool(exporter, "average_pool_2d", "global_average_pool", whole, in, {1, 1, in.channels});
  add_reshape(exporter, in.channels);
}

static void add_dense(Exporter& exporter, const Layer& layer, const MapSize& in, const TrainedLayer& trained) {
  const std::string name = exporter.numbered("dense");
  const int inputs = in.height * in.width * in.channels;
  exporter.add_node("fully_connected", name, add_weights(exporter, name, {layer.filters, inputs}, trained),
                    {1, layer.filters}, {{"fused_activation_function", activation_number(layer)}});
}

static void add_layer(Exporter& exporter, const Layer& layer, const MapSize& in, const MapSize& out,
                      const TrainedLayer& learned) {
  const TrainedLayer trained = fold_batch_norm(learned, layer.type == "DepthwiseConv2D");
  const MapSize filter{layer.kernel, layer.kernel, 1};
  if (layer.type == "Conv2D") add_convolution(exporter, layer, in, out, trained);
  if (layer.type == "DepthwiseConv2D") add_depthwise(exporter, layer, out, trained);
  if (layer.type == "MaxPooling2D") add_pool(exporter, "max_pool_2d", "max_pool", layer, filter, out);
  if (layer.type == "AveragePooling2D") add_pool(exporter, "average_pool_2d", "average_pool", layer, filter, out);
  if (layer.type == "GlobalAveragePooling2D") add_global_average(exporter, in);
  if (layer.type == "Flatten") add_reshape(exporter, out.channels);
  if (layer.type == "Dense") add_dense(exporter, layer, in, trained);
  if (layer.type == "Softmax")
    exporter.add_node("softmax", exporter.numbered("softmax"), {}, {1, in.channels}, {{"beta", 1.0}});
  // Dropout works only while training.
}

Model export_model(const Network& network, const std::vector<TrainedLayer>& layers) {
  Exporter exporter;
  MapSize size{network.height, network.width, network.channels};
  exporter.last = exporter.add_tensor(
      {.name = "image", .dtype = DType::float32, .shape = shape_of(size), .quantization = {}, .data = {}});
  exporter.model.inputs = {exporter.last};
  const std::vector<MapSize> sizes = output_sizes(network);
  for (std::size_t i = 0; i < layers.size(); ++i) {
    add_layer(exporter, network.layers[i], size, sizes[i], layers[i]);
    size = sizes[i];
  }
  exporter.model.outputs = {exporter.last};
  return std::move(exporter.model);
}

}  // namespace dragonet
