// A Network in LibTorch: plain tensors and functions of ATen rather than torch::nn, which takes three times as long to
// compile and could not pad as TensorFlow does without help.

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "train/torch_network.h"

namespace dragonet {

// Not contiguous(ChannelsLast), which is satisfied with any strides of dimensions of size 1: a map of one channel or a
// kernel of 1 x 1 would then not count as channels last, and every layer behind it be laid out the other way.
at::Tensor channels_last(const at::Tensor& maps) {
  return maps.to(maps.options(), false, false, at::MemoryFormat::ChannelsLast);
}

static at::Tensor learned(at::Tensor values) { return values.set_requires_grad(true); }

/// Kernels keep the variance of what passes through them and a ReLU: that of He et al. for `inputs` terms in each sum.
static at::Tensor random_kernel(at::IntArrayRef shape, int inputs) {
  return at::randn(shape) * std::sqrt(2.0 / inputs);
}

/// Of the inputs as other layers' kernels begin, since readings may be small; of the step before as torch.nn.LSTM does.
static at::Tensor random_gates(int units, int inputs) {
  const at::Tensor recurrent = (at::rand({4 * units, units}) * 2 - 1) / std::sqrt(double(units));
  return at::cat({random_kernel({4 * units, inputs}, inputs), recurrent}, 1);
}

/// Each unit begins to remember for another time, from one step to the whole sequence: with gates that forget after a
/// few steps no gradient reaches back to the first. Source: Tallec and Ollivier 2018, "Can recurrent neural networks
/// warp time?", arXiv:1804.11188.
static at::Tensor first_bias(const Layer& layer, const Shape& in, const Shape& out) {
  if (layer.type != "LSTM") return at::zeros(out.back());
  const std::int64_t units = layer.filters, longest = std::max(in[0] - 1, 2);
  const at::Tensor memory = (1 + at::rand(units) * double(longest - 1)).log(), zeros = at::zeros(units);
  return at::cat({-memory, memory, zeros, zeros});
}

/// In torch's order: output channels first, then those inputs that each of them sees, height and width.
static at::Tensor make_kernel(const Layer& layer, const Shape& in, const Shape& out) {
  const int height = layer.kernel.height, width = layer.kernel.width;
  if (layer.type == "Dense") return random_kernel({layer.filters, in[0]}, in[0]);
  if (layer.type == "LSTM") return random_gates(layer.filters, in[2]);
  const int seen = layer.type == "DepthwiseConv2D" ? 1 : in[2];
  return channels_last(random_kernel({out[2], seen, height, width}, seen * height * width));
}

static void make_batch_norm(TorchLayer& made) {
  const int channels = made.shape.back();
  made.gamma = learned(at::ones(channels));
  made.beta = learned(at::zeros(channels));
  made.mean = at::zeros(channels);
  made.variance = at::ones(channels);
}

static TorchLayer make_layer(const Layer& layer, const std::vector<int>& inputs, const Shape& in, const Shape& out) {
  TorchLayer made{.layer = layer, .inputs = inputs, .shape = out};
  if (in.size() == 3) made.paddings = paddings_of(layer, in);
  if (layer.type == "BatchNormalization") make_batch_norm(made);
  if (weights_shape(layer, in, out).empty()) return made;
  made.weight = learned(make_kernel(layer, in, out));
  if (layer.use_bias) made.bias = learned(first_bias(layer, in, out));
  return made;
}

TorchNetwork make_torch_network(const Network& network) {
  const std::vector<Shape> shapes = output_shapes(network);
  const std::vector<std::vector<int>> inputs = input_indices(network);
  TorchNetwork made;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const int first = inputs[i][0];
    const Shape in = first < 0 ? Shape{network.height, network.width, network.channels} : shapes[first];
    made.push_back(make_layer(network.layers[i], inputs[i], in, shapes[i]));
  }
  return made;
}

/// As torch takes them.
static std::vector<std::int64_t> sides(const Sides& sides) { return {sides.height, sides.width}; }

/// Torch's operators pad both sides alike; TensorFlow's "same" may pad one more behind.
static at::Tensor pad(const TorchLayer& layer, const at::Tensor& maps, double value) {
  const auto& [top, bottom] = layer.paddings.vertical;
  const auto& [left, right] = layer.paddings.horizontal;
  if (top + bottom + left + right == 0) return maps;
  return at::constant_pad_nd(maps, {left, right, top, bottom}, value);
}

static at::Tensor convolve(const TorchLayer& layer, const at::Tensor& maps, std::int64_t groups) {
  const auto& [top, bottom] = layer.paddings.vertical;
  const auto& [left, right] = layer.paddings.horizontal;
  const bool even = top == bottom && left == right;
  const std::vector<std::int64_t> both = even ? std::vector<std::int64_t>{top, left} : std::vector<std::int64_t>{0, 0};
  return at::conv2d(even ? maps : pad(layer, maps, 0), layer.weight, layer.bias, sides(layer.layer.strides), both,
                    sides(layer.layer.dilation), groups);
}

static at::Tensor max_pool(const TorchLayer& layer, const at::Tensor& maps) {
  return at::max_pool2d(pad(layer, maps, -std::numeric_limits<double>::infinity()), sides(layer.layer.kernel),
                        sides(layer.layer.strides));
}

/// TensorFlow leaves padding out of the count: the mean with zeros, divided by the share that is no padding.
static at::Tensor average_pool(const TorchLayer& layer, const at::Tensor& maps) {
  const at::Tensor ones = at::ones({1, 1, maps.size(2), maps.size(3)});
  const auto mean = [&](const at::Tensor& x) {
    return at::avg_pool2d(pad(layer, x, 0), sides(layer.layer.kernel), sides(layer.layer.strides));
  };
  return mean(maps) / mean(ones);
}

/// Values in the order of the exported model: height, width, channels; [steps, channels] are a map of width 1.
static at::Tensor reshape(const at::Tensor& x, const Shape& shape) {
  const at::Tensor nhwc = x.dim() == 4 ? x.permute({0, 2, 3, 1}) : x;
  if (shape.size() == 1) return nhwc.reshape({x.size(0), -1});
  const bool is_sequence = shape.size() == 2;
  return nhwc.reshape({x.size(0), shape[0], is_sequence ? 1 : shape[1], shape.back()}).permute({0, 3, 1, 2});
}

/// [batch, channels] of every step, as a map of width 1 with channels last.
static at::Tensor map_of(const std::vector<at::Tensor>& steps) {
  return at::stack(steps, 1).permute({0, 2, 1}).unsqueeze(3);
}

// Step by step rather than by at::lstm, which keeps the cells' states to itself and does the same on a processor.
LstmRun run_lstm(const TorchLayer& layer, const at::Tensor& maps,
                 const std::function<at::Tensor(const at::Tensor&)>& fed_back) {
  const std::int64_t units = layer.bias.size(0) / 4, inputs = layer.weight.size(1) - units;
  const at::Tensor sequence = maps.squeeze(3).permute({2, 0, 1});
  const at::Tensor entering = at::linear(sequence, layer.weight.narrow(1, 0, inputs), layer.bias);
  const at::Tensor recurrent = layer.weight.narrow(1, inputs, units).t();
  at::Tensor output = at::zeros({maps.size(0), units}), cell = output;
  std::vector<at::Tensor> outputs, cells;
  for (const at::Tensor& step : entering.unbind(0)) {
    const std::vector<at::Tensor> gates = at::addmm(step, fed_back(output), recurrent).chunk(4, 1);
    cell = gates[1].sigmoid() * cell + gates[0].sigmoid() * gates[2].tanh();
    output = gates[3].sigmoid() * cell.tanh();
    cells.push_back(cell);
    outputs.push_back(output);
  }
  return {map_of(outputs), map_of(cells)};
}

static at::Tensor lstm(const TorchLayer& layer, const at::Tensor& maps) {
  return run_lstm(layer, maps, [](const at::Tensor& output) { return output; }).outputs;
}

static at::Tensor normalize(const TorchLayer& layer, const at::Tensor& x, bool training) {
  constexpr double momentum = 0.1;  // of the running mean and variance
  return at::batch_norm(x, layer.gamma, layer.beta, layer.mean, layer.variance, training, momentum, layer.layer.epsilon,
                        false);
}

/// What a layer takes.
struct TorchInputs {
  std::vector<at::Tensor> all;
  bool training;
  const at::Tensor& x() const { return all.front(); }
};

static at::Tensor pad_with_zeros(const TorchLayer& layer, const at::Tensor& maps) {
  const auto& [vertical, horizontal] = layer.layer.zeros;
  return at::constant_pad_nd(maps, {horizontal.before, horizontal.after, vertical.before, vertical.after}, 0);
}

using Apply = at::Tensor (*)(const TorchLayer&, const TorchInputs&);

static Apply apply_of(const std::string& type) {
  using L = const TorchLayer&;
  using In = const TorchInputs&;
  static const Apply reshaped = [](L l, In in) { return reshape(in.x(), l.shape); };
  static const std::map<std::string, Apply> by_type{
      {"Conv2D", [](L l, In in) { return convolve(l, in.x(), 1); }},
      {"DepthwiseConv2D", [](L l, In in) { return convolve(l, in.x(), in.x().size(1)); }},
      {"BatchNormalization", [](L l, In in) { return normalize(l, in.x(), in.training); }},
      {"ReLU", [](L l, In in) { return l.layer.max_value == 6 ? at::hardtanh(in.x(), 0, 6) : at::relu(in.x()); }},
      {"MaxPooling2D", [](L l, In in) { return max_pool(l, in.x()); }},
      {"AveragePooling2D", [](L l, In in) { return average_pool(l, in.x()); }},
      {"GlobalAveragePooling2D",
       [](L, In in) {
         return in.x().mean({2, 3});
       }},
      {"GlobalMaxPooling2D",
       [](L, In in) {
         return in.x().amax({2, 3});
       }},
      {"ZeroPadding2D", [](L l, In in) { return pad_with_zeros(l, in.x()); }},
      {"Flatten", reshaped},
      {"Reshape", reshaped},
      {"Dense", [](L l, In in) { return at::linear(in.x(), l.weight, l.bias); }},
      {"LSTM", [](L l, In in) { return lstm(l, in.x()); }},
      {"LastStep", [](L, In in) { return in.x().select(2, -1).squeeze(2); }},
      {"Dropout", [](L l, In in) { return at::dropout(in.x(), l.layer.rate, in.training); }},
      {"Add", [](L, In in) { return in.all[0] + in.all[1]; }},
      {"Concatenate", [](L, In in) { return at::cat(in.all, 1); }},  // channels, of maps as of rows of values
      {"Softmax", [](L, In in) { return at::softmax(in.x(), 1); }}};
  return by_type.at(type);
}

at::Tensor apply_layer(const TorchLayer& layer, const std::vector<at::Tensor>& inputs, bool training) {
  return apply_of(layer.layer.type)(layer, {inputs, training});
}

/// Of each layer's output, the last layer that reads it. Then it can go: what a gradient still needs of it, torch
/// keeps.
static std::vector<std::size_t> last_readers(const TorchNetwork& network) {
  std::vector<std::size_t> last(network.size());
  for (std::size_t i = 0; i < network.size(); ++i)
    for (const int input : network[i].inputs)
      if (input >= 0) last[input] = i;
  return last;
}

/// The answers before the last softmax, which the loss does better. `before(i, x)` is called with what reaches layer i
/// before it is applied.
template <typename Before>
static at::Tensor walk(const TorchNetwork& network, const at::Tensor& images, bool training, Before before) {
  std::vector<at::Tensor> outputs;
  const std::vector<std::size_t> last = last_readers(network);
  const at::Tensor first = channels_last(images);
  const auto output = [&](int i) { return i < 0 ? first : outputs[i]; };
  const bool ends_with_softmax = network.back().layer.type == "Softmax";
  for (std::size_t i = 0; i + (ends_with_softmax ? 1 : 0) < network.size(); ++i) {
    std::vector<at::Tensor> inputs;
    for (const int input : network[i].inputs) inputs.push_back(output(input));
    before(i, inputs[0]);
    outputs.push_back(apply_layer(network[i], inputs, training));
    for (const int input : network[i].inputs)
      if (input >= 0 && last[input] == i) outputs[input].reset();
  }
  return ends_with_softmax ? output(network.back().inputs[0]) : outputs.back();
}

at::Tensor logits(const TorchNetwork& network, const at::Tensor& images, bool training) {
  return walk(network, images, training, [](std::size_t, const at::Tensor&) {});
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
at::Tensor tflite_weights(const TorchLayer& layer) {
  if (layer.layer.type == "Conv2D") return layer.weight.permute({0, 2, 3, 1});
  if (layer.layer.type == "DepthwiseConv2D") return layer.weight.permute({1, 2, 3, 0});
  return layer.weight;
}

at::Tensor torch_values(std::span<const float> values) {
  at::Tensor tensor = at::empty(std::ssize(values));
  std::ranges::copy(values, tensor.data_ptr<float>());
  return tensor;
}

at::Tensor torch_weights(const std::string& type, const Shape& tflite_shape, std::span<const float> values) {
  const at::Tensor weights =
      torch_values(values).reshape(std::vector<std::int64_t>(tflite_shape.begin(), tflite_shape.end()));
  if (type == "Conv2D") return weights.permute({0, 3, 1, 2});
  return type == "DepthwiseConv2D" ? weights.permute({3, 0, 1, 2}) : weights;
}

/// For a weight of that shape in torch's order.
static at::Tensor torch_order(const TorchLayer& layer, const std::vector<float>& values) {
  const at::Tensor like = tflite_weights(layer);
  return torch_weights(layer.layer.type, Shape(like.sizes().begin(), like.sizes().end()), values);
}

/// With the statistics of x, yet it only adds beta.
static void normalize_without_effect(TorchLayer& norm, const std::vector<float>& beta, const at::Tensor& x) {
  const at::Tensor channels = x.transpose(0, 1).flatten(1);
  norm.mean.copy_(channels.mean(1));
  norm.variance.copy_(channels.var(1, false));
  norm.gamma.copy_((norm.variance + norm.layer.epsilon).sqrt());
  norm.beta.copy_(norm.mean + torch_values(beta));
}

void set_in_turn(TorchNetwork& network, const at::Tensor& images,
                 const std::function<void(TorchLayer&, const at::Tensor& x)>& set) {
  const at::NoGradGuard no_gradients;
  walk(network, images, false, [&](std::size_t i, const at::Tensor& x) { set(network[i], x); });
}

void begin_with(TorchNetwork& network, const std::vector<TrainedLayer>& layers, const at::Tensor& images) {
  const at::NoGradGuard no_gradients;
  walk(network, images, false, [&](std::size_t i, const at::Tensor& x) {
    TorchLayer& layer = network[i];
    if (layer.weight.defined()) layer.weight.copy_(torch_order(layer, layers[i].weights));
    if (layer.bias.defined()) layer.bias.copy_(torch_values(layers[i].bias));
    if (layer.gamma.defined()) normalize_without_effect(layer, layers[i].beta, x);
  });
}

std::vector<TrainedLayer> trained_layers(const TorchNetwork& network) {
  std::vector<TrainedLayer> trained;
  for (const TorchLayer& layer : network)
    trained.push_back({.weights = elements(layer.weight.defined() ? tflite_weights(layer) : layer.weight),
                       .bias = elements(layer.bias),
                       .gamma = elements(layer.gamma),
                       .beta = elements(layer.beta),
                       .mean = elements(layer.mean),
                       .variance = elements(layer.variance)});
  return trained;
}

}  // namespace dragonet
