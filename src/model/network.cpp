#include "model/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/error.h"

namespace dragonet {

static bool is_one_of(const std::string& type, std::initializer_list<const char*> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

static bool has_window(const Layer& layer) {
  return is_one_of(layer.type, {"Conv2D", "DepthwiseConv2D", "MaxPooling2D", "AveragePooling2D"});
}

/// Outputs along one side; 0 or less where a "valid" window does not fit once.
static int window_outputs(const Layer& layer, int size) {
  return layer.same ? (size + layer.stride - 1) / layer.stride : (size - layer.kernel) / layer.stride + 1;
}

Padding padding_of(const Layer& layer, int size) {
  if (!layer.same) return {};
  const int total = std::max((window_outputs(layer, size) - 1) * layer.stride + layer.kernel - size, 0);
  return {.before = total / 2, .after = total - total / 2};
}

static MapSize output_size(const Layer& layer, const MapSize& in) {
  if (layer.type == "GlobalAveragePooling2D") return {1, 1, in.channels};
  if (layer.type == "Flatten") return {1, 1, in.height * in.width * in.channels};
  if (layer.type == "Dense") return {1, 1, layer.filters};
  if (!has_window(layer)) return in;  // Dropout, Softmax
  return {window_outputs(layer, in.height), window_outputs(layer, in.width),
          layer.type == "Conv2D" ? layer.filters : in.channels};
}

/// What is wrong with a layer behind a map of this size; empty: nothing.
static std::string fault_of(const Layer& layer, const MapSize& in, bool flat) {
  const bool known =
      has_window(layer) || is_one_of(layer.type, {"GlobalAveragePooling2D", "Flatten", "Dense", "Dropout", "Softmax"});
  if (!known) return "there is no such layer";
  if (is_one_of(layer.type, {"Conv2D", "Dense"}) && layer.filters < 1) return "it has no filters";
  if (is_one_of(layer.type, {"Dense", "Softmax"}) && !flat)
    return "it needs a GlobalAveragePooling2D or Flatten before it";
  if (has_window(layer) && flat) return "it works on maps, and the layer before it has flattened them";
  if (has_window(layer) && (layer.kernel < 1 || layer.stride < 1)) return "its kernel and stride begin at 1";
  if (has_window(layer) && !layer.same && layer.kernel > std::min(in.height, in.width))
    return fmt::format("its kernel of {0}x{0} is larger than the {1}x{2} that reaches it", layer.kernel, in.height,
                       in.width);
  return {};
}

static bool flattens(const Layer& layer) { return is_one_of(layer.type, {"GlobalAveragePooling2D", "Flatten"}); }

static Problem problem_with(const Network& network, std::size_t i, const std::string& fault) {
  return {.where = fmt::format("the network, layer {} ({})", i + 1, network.layers[i].type),
          .what = fault,
          .next = fmt::format("change this layer or those before it; the input is {}x{}x{}", network.height,
                              network.width, network.channels)};
}

std::vector<MapSize> output_sizes(const Network& network) {
  MapSize size{network.height, network.width, network.channels};
  std::vector<MapSize> sizes;
  bool flat = false;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (const std::string fault = fault_of(layer, size, flat); !fault.empty())
      throw Error(problem_with(network, i, fault));
    flat = flat || flattens(layer);
    sizes.push_back(size = output_size(layer, size));
  }
  if (sizes.empty() || network.layers.back().type != "Softmax")
    throw Error(
        Problem{.where = "the network", .what = "it does not end in a Softmax", .next = "add Dense and Softmax"});
  return sizes;
}

static Layer convolution(int filters, int kernel, int stride) {
  return {.type = "Conv2D", .filters = filters, .kernel = kernel, .stride = stride, .batch_norm = true, .relu = true};
}

/// A depthwise 3x3 convolution and the pointwise one that mixes its channels.
static std::vector<Layer> separable(int filters, int stride) {
  const Layer depthwise{.type = "DepthwiseConv2D", .kernel = 3, .stride = stride, .batch_norm = true, .relu = true};
  return {depthwise, convolution(filters, 1, 1)};
}

Network default_image_network(int height, int width, int channels, int classes) {
  Network network{height, width, channels, {convolution(16, 3, 2)}};
  for (const auto& [filters, stride] : {std::pair(32, 1), {48, 2}, {64, 1}, {96, 2}, {96, 1}})
    std::ranges::copy(separable(filters, stride), std::back_inserter(network.layers));
  network.layers.push_back({.type = "GlobalAveragePooling2D"});
  network.layers.push_back({.type = "Dropout", .rate = 0.2});
  network.layers.push_back({.type = "Dense", .filters = classes});
  network.layers.push_back({.type = "Softmax"});
  return network;
}

}  // namespace dragonet
