// Small int8 networks with channels planted in them that are dead: by hand, and at random.
#pragma once

#include "ops/op_test.h"

namespace dragonet::testing {

/// A network of which nodes are appended one by one; each gives the number of its output tensor.
class PlantedNetwork {
 public:
  explicit PlantedNetwork(const Shape& input, const Quantization& quantization = plain) {
    model_ = {.name = "planted", .source = "planted.tflite", .inputs = {0}};
    model_.tensors = {{.name = "in", .dtype = DType::int8, .shape = input, .quantization = quantization}};
  }

  const Shape& shape(int tensor) const { return model_.tensors[tensor].shape; }
  int channels(int tensor) const { return shape(tensor).back(); }
  const Quantization& quantization(int tensor) const { return model_.tensors[tensor].quantization; }
  int number_of_tensors() const { return static_cast<int>(model_.tensors.size()); }

  int constant_of(const Tensor& tensor) {
    model_.tensors.push_back(tensor);
    return number_of_tensors() - 1;
  }

  int append(const std::string& op, const std::vector<int>& inputs, const Attributes& attributes,
             const Quantization& quantization, const Shape& out = {}) {
    Node node{.op = op, .index = static_cast<int>(model_.nodes.size()), .inputs = inputs, .attributes = attributes};
    const int tensor = number_of_tensors();
    node.outputs = {tensor};
    model_.tensors.push_back(
        {.name = op + std::to_string(node.index), .dtype = DType::int8, .shape = out, .quantization = quantization});
    if (out.empty()) model_.tensors.back().shape = find_operator(op)->shape(model_, node);
    model_.nodes.push_back(node);
    return tensor;
  }

  /// The same with int8 weights and int32 biases.
  int weigh(const std::string& op, int in, const Attributes& attributes, const Shape& weights_shape,
            const std::vector<int>& weights, const std::vector<int>& bias, const Quantization& scales = plain,
            const Quantization& out = plain) {
    const int w = constant_of(constant("weights", DType::int8, weights_shape, narrowed<std::int8_t>(weights), scales));
    const int b =
        bias.empty() ? -1 : constant_of(constant("bias", DType::int32, {static_cast<int>(bias.size())}, bias));
    return append(op, {in, w, b}, attributes, out);
  }

  int conv(int in, int kernel, std::int64_t padding, const std::vector<int>& weights, const std::vector<int>& bias,
           std::int64_t activation = none) {
    const int outputs = static_cast<int>(weights.size()) / (kernel * kernel * channels(in));
    return weigh("conv_2d", in, window_attributes(padding, 1, activation), {outputs, kernel, kernel, channels(in)},
                 weights, bias);
  }

  Model model(const std::vector<int>& outputs) const {
    Model model = model_;
    model.outputs = outputs;
    check_supported(model);
    return model;
  }

 private:
  Model model_;
};

/// Windows, residuals, concatenations and pools at random, with several readers, then fully connected layers. A third
/// of the channels with weights are the same for every input or almost so; some weights leave channels unread.
class PlantedModels {
 public:
  explicit PlantedModels(unsigned seed) : random_(seed) {}
  RandomModels& random() { return random_; }

  Model model() {
    PlantedNetwork network({1, random_.pick(3, 6), random_.pick(3, 6), random_.pick(1, 4)}, some_scale());
    std::vector<int> images{0};
    images.push_back(weighed(network, 0));
    for (int nodes = random_.pick(1, 6); nodes > 0; --nodes)
      images.push_back(next_image(network, images, images[images.size() - 1 - random_.pick(0, 1)]));
    const int flat = flattened(network, images.back());
    std::vector<int> outputs{dense(network, dense(network, flat, random_.pick(2, 6)), random_.pick(2, 4))};
    if (random_.one_in(6)) outputs.push_back(images[random_.pick(1, static_cast<int>(images.size()) - 1)]);
    return network.model(outputs);
  }

 private:
  Quantization some_scale() { return {{random_.real(0.02f, 0.06f)}, {random_.pick(-128, 127)}, 0}; }
  Quantization as(const PlantedNetwork& network, int tensor) { return network.quantization(tensor); }

  int next_image(PlantedNetwork& network, const std::vector<int>& images, int in) {
    switch (random_.pick(0, 11)) {
      case 0:
        return added(network, images, in, "add");
      case 1:
        return added(network, images, in, "mul");
      case 2:
        return network.append(random_.one_in(2) ? "average_pool_2d" : "max_pool_2d", {in},
                              pool_attributes(same, 2, random_.pick(1, 2)), as(network, in));
      case 3:
        return network.append(random_.one_in(2) ? "relu6" : "hard_swish", {in}, {}, some_scale());
      case 4:
        return joined(network, in);
      case 5:
        return network.append("pad", {in, network.constant_of(padding())}, {}, as(network, in));
      case 6:
      case 7:
      case 8:
        return depthwise(network, in);
      default:
        return weighed(network, in);
    }
  }

  static Tensor padding() {
    Tensor tensor = constant<std::int32_t>("padding", DType::int32, {4, 2}, {0, 0, 1, 0, 0, 1, 0, 0});
    return tensor;
  }

  /// With an earlier image of the same shape, with itself, or with a constant for each channel.
  int added(PlantedNetwork& network, const std::vector<int>& images, int in, const std::string& op) {
    int other = in;
    for (const int image : images)
      if (network.shape(image) == network.shape(in) && random_.one_in(2)) other = image;
    if (random_.one_in(3)) {
      Tensor each = random_.with_values({"each", DType::int8, {1, 1, 1, network.channels(in)}, some_scale(), {}});
      other = network.constant_of(each);
    }
    const Attributes attributes{{"fused_activation_function", std::int64_t{random_.one_in(2) ? relu : none}}};
    return network.append(op, {in, other}, attributes, {{op == "add" ? 0.1f : 0.05f}, {random_.pick(-128, 127)}, 0});
  }

  int joined(PlantedNetwork& network, int in) {
    const int relu = network.append("relu", {in}, {}, as(network, in));
    return network.append("concatenation", {in, relu}, {{"axis", std::int64_t{random_.pick(2, 3)}}}, as(network, in));
  }

  Attributes window(PlantedNetwork& network, int in, int kernel) {
    const bool fits = network.shape(in)[1] >= kernel && network.shape(in)[2] >= kernel;
    const int activations[] = {none, relu, relu6};
    return window_attributes(fits && random_.one_in(2) ? valid : same, random_.pick(1, 2),
                             activations[random_.pick(0, 2)]);
  }

  int weighed(PlantedNetwork& network, int in) {
    const int kernel = random_.one_in(2) ? 1 : random_.pick(2, 3), outputs = random_.pick(2, 6);
    return weigh(network, "conv_2d", in, window(network, in, kernel), {outputs, kernel, kernel, network.channels(in)},
                 0);
  }

  int depthwise(PlantedNetwork& network, int in) {
    const int kernel = random_.pick(1, 3), outputs = network.channels(in) * random_.pick(1, 2);
    return weigh(network, "depthwise_conv_2d", in, window(network, in, kernel), {1, kernel, kernel, outputs}, 3);
  }

  int flattened(PlantedNetwork& network, int in) {
    if (random_.one_in(2)) {
      const int axes = network.constant_of(numbers({1, 2}));
      return network.append("mean", {in, axes}, {{"keep_dims", std::int64_t{random_.one_in(2)}}}, some_scale());
    }
    const int count = static_cast<int>(element_count(network.shape(in)));
    return random_.one_in(2) ? network.append("reshape", {in}, {}, as(network, in), {1, count}) : in;
  }

  int dense(PlantedNetwork& network, int in, int outputs) {
    const int inputs = static_cast<int>(element_count(network.shape(in)));
    return weigh(network, "fully_connected", in, {}, {outputs, inputs}, 0);
  }

  int weigh(PlantedNetwork& network, const std::string& op, int in, const Attributes& attributes, const Shape& shape,
            std::size_t axis) {
    const int outputs = shape[axis];
    std::vector<int> weights(element_count(shape)), bias(outputs);
    for (int& weight : weights) weight = random_.pick(-127, 127);
    for (int& b : bias) b = random_.pick(-2000, 2000);
    for (int c = 0; c < outputs; ++c)
      if (random_.one_in(2)) kill(weights, bias, c, outputs, axis == 0);
    if (axis == 0)
      for (int c = 0; c < network.channels(in); ++c)
        if (random_.one_in(6))
          for (std::size_t i = c; i < weights.size(); i += network.channels(in)) weights[i] = 0;
    Quantization scales{{}, std::vector<std::int32_t>(outputs), static_cast<int>(axis)};
    for (int c = 0; c < outputs; ++c) scales.scale.push_back(random_.real(0.001f, 0.01f));
    if (random_.one_in(3)) scales = {{0.005f}, {0}, 0};
    const bool has_bias = !random_.one_in(8);
    return network.weigh(op, in, attributes, shape, weights, has_bias ? bias : std::vector<int>{}, scales,
                         some_scale());
  }

  /// Weights of 0, or so large a bias that most often nothing else matters.
  void kill(std::vector<int>& weights, std::vector<int>& bias, int channel, int outputs, bool outputs_first) {
    const int way = random_.pick(0, 2);
    if (way > 0) {
      bias[channel] = random_.pick(20'000, 2'000'000) * (way == 1 ? 1 : -1);
      return;
    }
    const std::size_t each = weights.size() / outputs;
    for (std::size_t i = 0; i < each; ++i) weights[outputs_first ? channel * each + i : i * outputs + channel] = 0;
  }

  RandomModels random_;
};

}  // namespace dragonet::testing
