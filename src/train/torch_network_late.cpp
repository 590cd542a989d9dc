// A Network in LibTorch: plain tensors and functions of ATen rather than torch::nn, which takes three times as long to
// compile and could not pad as TensorFlow does without help.

#include <cmath>
#include <limits>

#include "train/torch_network.h"

namespace dragonet {

static at::Tensor learned(at::Tensor values) { return values.set_requires_grad(true); }

/// Kernels keep the variance of what passes through them and a ReLU: that of He et al. for `inputs` terms in each sum.
static at::Tensor random_kernel(at::IntArrayRef shape, int inputs) {
  return at::randn(shape) * std::sqrt(2.0 / inputs);
}

static at::Tensor kernel_of(const Layer& layer, const MapSize& in) {
  const int k = layer.kernel, taps = k * k;
  if (layer.type == "Dense") {
    const int inputs = in.height * in.width * in.channels;
    return random_kernel({layer.filters, inputs}, inputs);
  }
  const bool depthwise = layer.type == "DepthwiseConv2D";
  const at::Tensor kernel = depthwise ? random_kernel({in.channels, 1, k, k}, taps)
                                      : random_kernel({layer.filters, in.channels, k, k}, taps * in.channels);
  return kernel.contiguous(at::MemoryFormat::ChannelsLast);
}

static bool has_kernel(const Layer& layer) {
  return layer.type == "Conv2D" || layer.type == "DepthwiseConv2D" || layer.type == "Dense";
}

static TorchLayer make_layer(const Layer& layer, const MapSize& in, const MapSize& out) {
  TorchLayer made;
  made.layer = layer;
  made.vertical = padding_of(layer, in.height);
  made.horizontal = padding_of(layer, in.width);
  if (!has_kernel(layer)) return made;
  made.weight = learned(kernel_of(layer, in));
  if (!layer.batch_norm) {
    made.bias = learned(at::zeros(out.channels));
    return made;
  }
  made.gamma = learned(at::ones(out.channels));
  made.beta = learned(at::zeros(out.channels));
  made.mean = at::zeros(out.channels);
  made.variance = at::ones(out.channels);
  return made;
}

TorchNetwork make_torch_network(const Network& network) {
  TorchNetwork made;
  MapSize in{network.height, network.width, network.channels};
  const std::vector<MapSize> sizes = output_sizes(network);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    made.push_back(make_layer(network.layers[i], in, sizes[i]));
    in = sizes[i];
  }
  return made;
}

/// Torch's operators pad both sides alike; TensorFlow's "same" may pad one more behind.
static at::Tensor pad(const TorchLayer& layer, const at::Tensor& maps, double value) {
  const auto& [top, bottom] = layer.vertical;
  const auto& [left, right] = layer.horizontal;
  if (top + bottom + left + right == 0) return maps;
  return at::constant_pad_nd(maps, {left, right, top, bottom}, value);
}

static at::Tensor convolve(const TorchLayer& layer, const at::Tensor& maps, std::int64_t groups) {
  const auto& [top, bottom] = layer.vertical;
  const auto& [left, right] = layer.horizontal;
  const std::int64_t stride = layer.layer.stride;
  const bool even = top == bottom && left == right;
  const std::vector<std::int64_t> both = even ? std::vector<std::int64_t>{top, left} : std::vector<std::int64_t>{0, 0};
  return at::conv2d(even ? maps : pad(layer, maps, 0), layer.weight, layer.bias, stride, both, 1, groups);
}

static at::Tensor max_pool(const TorchLayer& layer, const at::Tensor& maps) {
  return at::max_pool2d(pad(layer, maps, -std::numeric_limits<double>::infinity()), layer.layer.kernel,
                        layer.layer.stride);
}

/// TensorFlow leaves padding out of the count: the mean with zeros, divided by the share that is no padding.
static at::Tensor average_pool(const TorchLayer& layer, const at::Tensor& maps) {
  const at::Tensor ones = at::ones({1, 1, maps.size(2), maps.size(3)});
  const auto mean = [&](const at::Tensor& x) {
    return at::avg_pool2d(pad(layer, x, 0), layer.layer.kernel, layer.layer.stride);
  };
  return mean(maps) / mean(ones);
}

/// In the order of the exported model: height, width, channels.
static at::Tensor flat(const at::Tensor& maps) {
  return maps.dim() == 2 ? maps : maps.permute({0, 2, 3, 1}).reshape({maps.size(0), -1});
}

static at::Tensor apply(const TorchLayer& layer, const at::Tensor& x, bool training) {
  const std::string& type = layer.layer.type;
  if (type == "Conv2D") return convolve(layer, x, 1);
  if (type == "DepthwiseConv2D") return convolve(layer, x, x.size(1));
  if (type == "MaxPooling2D") return max_pool(layer, x);
  if (type == "AveragePooling2D") return average_pool(layer, x);
  if (type == "GlobalAveragePooling2D") return x.mean({2, 3});
  if (type == "Flatten") return flat(x);
  if (type == "Dense") return at::linear(x, layer.weight, layer.bias);
  if (type == "Dropout") return at::dropout(x, layer.layer.rate, training);
  return at::log_softmax(x, 1);  // a Softmax inside the network would be an exponential more; the last one is left out
}

static at::Tensor normalize(const TorchLayer& layer, const at::Tensor& x, bool training) {
  constexpr double momentum = 0.1;  // of the running mean and variance
  return at::batch_norm(x, layer.gamma, layer.beta, layer.mean, layer.variance, training, momentum, batch_norm_epsilon,
                        false);
}

at::Tensor logits(const TorchNetwork& network, const at::Tensor& images, bool training) {
  at::Tensor x = images;
  for (std::size_t i = 0; i + 1 < network.size(); ++i) {  // all but the last softmax
    x = apply(network[i], x, training);
    if (network[i].gamma.defined()) x = normalize(network[i], x, training);
    if (network[i].layer.relu) x = at::relu(x);
  }
  return x;
}

/// Of every layer, those of the named tensors that it has.
static std::vector<at::Tensor> collect(const TorchNetwork& network,
                                       std::initializer_list<at::Tensor TorchLayer::*> members) {
  std::vector<at::Tensor> found;
  for (const TorchLayer& layer : network)
    for (const auto member : members)
      if ((layer.*member).defined()) found.push_back(layer.*member);
  return found;
}

std::vector<at::Tensor> kernels(const TorchNetwork& network) { return collect(network, {&TorchLayer::weight}); }
std::vector<at::Tensor> offsets_and_scales(const TorchNetwork& network) {
  return collect(network, {&TorchLayer::bias, &TorchLayer::gamma, &TorchLayer::beta});
}
std::vector<at::Tensor> statistics(const TorchNetwork& network) {
  return collect(network, {&TorchLayer::mean, &TorchLayer::variance});
}

static std::vector<float> elements(const at::Tensor& tensor) {
  if (!tensor.defined()) return {};
  const at::Tensor dense = tensor.detach().contiguous();
  return {dense.data_ptr<float>(), dense.data_ptr<float>() + dense.numel()};
}

/// From [out, in, h, w] to TensorFlow Lite's [out, h, w, in], or from [channels, 1, h, w] to its [1, h, w, channels].
static at::Tensor tflite_order(const TorchLayer& layer) {
  if (layer.layer.type == "Conv2D") return layer.weight.permute({0, 2, 3, 1});
  if (layer.layer.type == "DepthwiseConv2D") return layer.weight.permute({1, 2, 3, 0});
  return layer.weight;
}

std::vector<TrainedLayer> trained_layers(const TorchNetwork& network) {
  std::vector<TrainedLayer> trained;
  for (const TorchLayer& layer : network)
    trained.push_back({.weights = elements(tflite_order(layer)),
                       .bias = elements(layer.bias),
                       .gamma = elements(layer.gamma),
                       .beta = elements(layer.beta),
                       .mean = elements(layer.mean),
                       .variance = elements(layer.variance)});
  return trained;
}

}  // namespace dragonet
