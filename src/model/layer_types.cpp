#include "model/layer_types.h"

#include <fmt/format.h>

#include <algorithm>

namespace dragonet {

using Shapes = std::vector<Shape>;

static constexpr int most_filters = 32767;  // the kernels on the chip count channels in 16 bits, sides of windows in 8
static constexpr int most_side = 255;
static constexpr std::int64_t most_weights = 1 << 24;  // of one layer

static bool is_map(const Shape& shape) { return shape.size() == 3; }

static bool is_pool(const Layer& layer) {
  const LayerType* type = find_layer_type(layer.type);
  return type && type->has(LayerType::is_pool);
}

static void narrow(Layer& layer) {
  layer.kernel.width = layer.strides.width = layer.dilation.width = 1;
  layer.zeros.horizontal = {};
}

Layer settled(Layer layer) {
  if (is_pool(layer) && layer.kernel == Sides()) layer.kernel = 2;
  if (layer.strides == Sides()) layer.strides = is_pool(layer) ? layer.kernel : Sides(1);
  if (const LayerType* type = find_layer_type(layer.type); type && type->in_2d) narrow(layer);
  return layer;
}

Shape seen_by(const LayerType& type, const Shape& in) {
  return type.in_2d && is_map(in) ? Shape{in[0], 1, in[1] * in[2]} : in;
}

static Fault range_fault(const char* name, int value, int most) {
  if (value >= 1 && value <= most) return {};
  return {fmt::format("its {} is {}", name, value), fmt::format("give it {} of 1 to {}", name, most)};
}

static Fault sides_fault(const char* name, const Sides& sides) {
  if (std::min(sides.height, sides.width) >= 1 && std::max(sides.height, sides.width) <= most_side) return {};
  return {fmt::format("its {} is {} x {}", name, sides.height, sides.width),
          fmt::format("give it {} of 1 to {}", name, most_side)};
}

/// The first that is one.
static Fault first_of(std::initializer_list<Fault> faults) {
  const auto found = std::ranges::find_if(faults, [](const Fault& fault) { return !fault.what.empty(); });
  return found == faults.end() ? Fault{} : *found;
}

static Fault map_fault(const Shape& in) {
  if (is_map(in)) return {};
  return {fmt::format("it works on maps of height, width and channels, and {} values reach it", text_of(in)),
          "put it before what flattens them, or a Reshape before it"};
}

static Fault flat_fault(const Shape& in) {
  if (!is_map(in)) return {};
  return {fmt::format("it works on a row of values, and a map of {} reaches it", text_of(in)),
          "put a GlobalAveragePooling2D or a Flatten before it"};
}

static int reach_of(int kernel, int dilation) { return (kernel - 1) * dilation + 1; }

static Fault fit_fault(const Layer& layer, const Shape& in) {
  const int height = reach_of(layer.kernel.height, layer.dilation.height),
            width = reach_of(layer.kernel.width, layer.dilation.width);
  if (layer.same || (height <= in[0] && width <= in[1])) return {};
  return {fmt::format("its window of {} x {} is larger than the {} x {} that reach it", height, width, in[0], in[1]),
          "make it smaller, give it padding \"same\", or shrink the map less before it"};
}

/// Source: Keras documentation, Conv2D: strides above 1 are incompatible with dilation rates above 1.
static Fault dilation_fault(const Layer& layer) {
  if (layer.strides == Sides(1) || layer.dilation == Sides(1)) return {};
  return {"it has both strides and a dilation_rate above 1", "TensorFlow cannot train that: keep one of them at 1"};
}

static Fault window_fault(const Layer& layer, const Shapes& in) {
  const char* kernel = is_pool(layer) ? "pool_size" : "kernel_size";
  const Fault numbers =
      first_of({map_fault(in[0]), sides_fault(kernel, layer.kernel), sides_fault("strides", layer.strides),
                sides_fault("dilation_rate", layer.dilation),
                range_fault("depth_multiplier", layer.depth_multiplier, most_side), dilation_fault(layer)});
  return numbers.what.empty() ? fit_fault(layer, in[0]) : numbers;  // which is told in terms of the numbers
}

static Fault weights_fault(std::int64_t weights) {
  if (weights <= most_weights) return {};
  return {fmt::format("it has {} weights, and no microcontroller holds more than {}", weights, most_weights),
          "shrink the maps before it with strides or pools, or give it less to make"};
}

static Fault convolution_fault(const Layer& layer, const Shapes& in) {
  const Fault fault = first_of({range_fault("filters", layer.filters, most_filters), window_fault(layer, in)});
  if (!fault.what.empty()) return fault;
  return weights_fault(std::int64_t{layer.kernel.height} * layer.kernel.width * in[0][2] * layer.filters);
}

/// Outputs along one side.
static int outputs(const Layer& layer, int size, int kernel, int stride, int dilation) {
  return layer.same ? (size + stride - 1) / stride : (size - reach_of(kernel, dilation)) / stride + 1;
}

static Shape window_shape(const Layer& layer, const Shape& in, int channels) {
  return {outputs(layer, in[0], layer.kernel.height, layer.strides.height, layer.dilation.height),
          outputs(layer, in[1], layer.kernel.width, layer.strides.width, layer.dilation.width), channels};
}

static Shape convolution_shape(const Layer& layer, const Shapes& in) {
  return window_shape(layer, in[0], layer.filters);
}
static Shape pool_shape(const Layer& layer, const Shapes& in) { return window_shape(layer, in[0], in[0][2]); }
static Shape depthwise_shape(const Layer& layer, const Shapes& in) {
  return window_shape(layer, in[0], in[0][2] * layer.depth_multiplier);
}

static Padding padding(const Layer& layer, int size, int kernel, int stride, int dilation) {
  if (!layer.same) return {};
  const int last = (outputs(layer, size, kernel, stride, dilation) - 1) * stride;
  const int total = std::max(last + reach_of(kernel, dilation) - size, 0);
  return {.before = total / 2, .after = total - total / 2};
}

Paddings paddings_of(const Layer& layer, const Shape& in) {
  return {padding(layer, in[0], layer.kernel.height, layer.strides.height, layer.dilation.height),
          padding(layer, in[1], layer.kernel.width, layer.strides.width, layer.dilation.width)};
}

static Fault no_fault(const Layer&, const Shapes&) { return {}; }
static Shape same_shape(const Layer&, const Shapes& in) { return in[0]; }
static Shape flat_shape(const Layer&, const Shapes& in) { return {static_cast<int>(element_count(in[0]))}; }

static Fault global_fault(const Layer&, const Shapes& in) { return map_fault(in[0]); }
static Shape global_shape(const Layer&, const Shapes& in) { return {in[0][2]}; }

static Fault dense_fault(const Layer& layer, const Shapes& in) {
  return first_of({range_fault("units", layer.filters, most_filters), flat_fault(in[0]),
                   weights_fault(element_count(in[0]) * layer.filters)});
}
static Shape dense_shape(const Layer& layer, const Shapes&) { return {layer.filters}; }

/// As many as it takes, unless fewer are asked for.
static Shape whitening_shape(const Layer& layer, const Shapes& in) {
  return {layer.filters != 0 ? layer.filters : in[0][0]};
}
static Fault whitening_fault(const Layer& layer, const Shapes& in) {
  if (const Fault fault = flat_fault(in[0]); !fault.what.empty()) return fault;
  const int units = whitening_shape(layer, in)[0];
  return first_of(
      {range_fault("units", units, std::min(in[0][0], most_filters)), weights_fault(std::int64_t{in[0][0]} * units)});
}

static Shape deviations_shape(const Layer&, const Shapes& in) { return {in[0][0], in[0][1], 2 * in[0][2]}; }

static Fault lstm_fault(const Layer& layer, const Shapes& in) {
  const Fault fault = first_of({range_fault("units", layer.filters, most_filters), map_fault(in[0])});
  if (!fault.what.empty()) return fault;
  return weights_fault(4 * std::int64_t{layer.filters} * (in[0][2] + layer.filters));
}
static Shape lstm_shape(const Layer& layer, const Shapes& in) {
  return layer.return_sequences ? Shape{in[0][0], 1, layer.filters} : Shape{layer.filters};
}

static Fault softmax_fault(const Layer&, const Shapes& in) { return flat_fault(in[0]); }

static Fault dropout_fault(const Layer& layer, const Shapes&) {
  if (layer.rate >= 0 && layer.rate < 1) return {};
  return {fmt::format("its rate is {}", layer.rate), "give the share of values to drop: from 0 to below 1"};
}

static Fault relu_fault(const Layer& layer, const Shapes&) {
  if (layer.max_value == 0 || layer.max_value == 6) return {};
  return {fmt::format("its max_value is {}", layer.max_value), "the chip has ReLU, without max_value, and ReLU6"};
}

static Fault batch_norm_fault(const Layer& layer, const Shapes&) {
  if (layer.epsilon > 0) return {};
  return {fmt::format("its epsilon is {}", layer.epsilon), "give a small positive number"};
}

/// The target with its -1, if there is one, worked out; empty where that cannot be.
static Shape reshaped(const Layer& layer, const Shape& in) {
  Shape shape = layer.target_shape;
  const auto rest = std::ranges::find(shape, -1);
  if (rest != shape.end()) *rest = 1;
  const bool positive = std::ranges::all_of(shape, [](int side) { return side >= 1 && side <= 1 << 20; });
  if (!positive || (shape.size() != 1 && shape.size() != 3)) return {};
  const std::int64_t values = element_count(in), others = element_count(shape);
  if (rest != shape.end() && values % others == 0) *rest = static_cast<int>(values / others);
  return element_count(shape) == values ? shape : Shape{};
}

static Fault reshape_fault(const Layer& layer, const Shapes& in) {
  if (!reshaped(layer, in[0]).empty()) return {};
  return {fmt::format("its target_shape of {} cannot hold the {} that reach it", text_of(layer.target_shape),
                      text_of(in[0])),
          "give [values] or [height, width, channels] with the same product, without the batch; one may be -1"};
}
static Shape reshape_shape(const Layer& layer, const Shapes& in) { return reshaped(layer, in[0]); }

static Fault add_fault(const Layer&, const Shapes& in) {
  if (in.size() < 2) return {"it has one input", "name two or more: inputs = [\"a\", \"b\"]"};
  const auto other = std::ranges::find_if(in, [&](const Shape& shape) { return shape != in[0]; });
  if (other == in.end()) return {};
  return {fmt::format("its inputs are {} and {}, and only equal shapes can be added", text_of(in[0]), text_of(*other)),
          "give the branches the same strides, and the same filters: a Conv2D with kernel_size 1 changes them"};
}

static Fault zeros_fault(const Layer& layer, const Shapes& in) {
  const auto& [vertical, horizontal] = layer.zeros;
  const auto [least, most] = std::minmax({vertical.before, vertical.after, horizontal.before, horizontal.after});
  if (least < 0 || most > most_side)
    return {fmt::format("its padding goes from {} to {}", least, most), fmt::format("pad by 0 to {}", most_side)};
  return map_fault(in[0]);
}
static Shape zeros_shape(const Layer& layer, const Shapes& in) {
  const auto& [vertical, horizontal] = layer.zeros;
  return {in[0][0] + vertical.before + vertical.after, in[0][1] + horizontal.before + horizontal.after, in[0][2]};
}

static bool joins(const Shape& a, const Shape& b) {
  return a.size() == b.size() && std::equal(a.begin(), a.end() - 1, b.begin());
}

static Fault concatenate_fault(const Layer&, const Shapes& in) {
  if (in.size() < 2) return {"it has one input", "name two or more: inputs = [\"a\", \"b\"]"};
  const auto other = std::ranges::find_if(in, [&](const Shape& shape) { return !joins(in[0], shape); });
  if (other == in.end()) return {};
  return {fmt::format("its inputs are {} and {}, and only channels may differ", text_of(in[0]), text_of(*other)),
          "give the branches the same strides and padding, or flatten both"};
}
static Shape concatenate_shape(const Layer&, const Shapes& in) {
  Shape shape = in[0];
  for (std::size_t i = 1; i < in.size(); ++i) shape.back() += in[i].back();
  return shape;
}

const std::vector<LayerType>& layer_types() {
  using Words = std::vector<std::string>;
  static const Words window{"strides", "padding", "dilation_rate", "activation", "use_bias"};
  static const Words depthwise{"strides", "padding", "dilation_rate", "depth_multiplier", "activation", "use_bias"};
  static const Words pool{"pool_size", "strides", "padding"};
  static const Words filters{"filters", "kernel_size"}, kernel{"kernel_size"};
  static constexpr int many = LayerType::many_inputs, is_pool = LayerType::is_pool, learns = LayerType::learns;
  static constexpr int norm = LayerType::takes_norm | learns;
  static const std::vector<LayerType> types{
      {"Conv2D", "conv2d", filters, window, convolution_fault, convolution_shape, norm},
      {"DepthwiseConv2D", "depthwise_conv2d", kernel, depthwise, window_fault, depthwise_shape, norm},
      {"SeparableConv2D", "separable_conv2d", filters, depthwise, convolution_fault, convolution_shape, norm},
      {"MaxPooling2D", "max_pooling2d", {}, pool, window_fault, pool_shape, is_pool},
      {"AveragePooling2D", "average_pooling2d", {}, pool, window_fault, pool_shape, is_pool},
      {"GlobalAveragePooling2D", "global_average_pooling2d", {}, {}, global_fault, global_shape},
      {"GlobalMaxPooling2D", "global_max_pooling2d", {}, {}, global_fault, global_shape},
      {"ZeroPadding2D", "zero_padding2d", {}, {"padding"}, zeros_fault, zeros_shape},
      {"Conv1D", "conv1d", filters, window, convolution_fault, convolution_shape, norm, "Conv2D"},
      {"DepthwiseConv1D", "depthwise_conv1d", kernel, depthwise, window_fault, depthwise_shape, norm,
       "DepthwiseConv2D"},
      {"SeparableConv1D", "separable_conv1d", filters, depthwise, convolution_fault, convolution_shape, norm,
       "SeparableConv2D"},
      {"MaxPooling1D", "max_pooling1d", {}, pool, window_fault, pool_shape, is_pool, "MaxPooling2D"},
      {"AveragePooling1D", "average_pooling1d", {}, pool, window_fault, pool_shape, is_pool, "AveragePooling2D"},
      {"GlobalAveragePooling1D",
       "global_average_pooling1d",
       {},
       {},
       global_fault,
       global_shape,
       0,
       "GlobalAveragePooling2D"},
      {"GlobalMaxPooling1D", "global_max_pooling1d", {}, {}, global_fault, global_shape, 0, "GlobalMaxPooling2D"},
      {"ZeroPadding1D", "zero_padding1d", {}, {"padding"}, zeros_fault, zeros_shape, 0, "ZeroPadding2D"},
      {"Dense", "dense", {"units"}, {"activation", "use_bias"}, dense_fault, dense_shape, norm},
      {"Deviations", "deviations", {}, {}, global_fault, deviations_shape, LayerType::is_fitted},
      {"Whitening", "whitening", {}, {"units"}, whitening_fault, whitening_shape, LayerType::is_fitted},
      {"LSTM", "lstm", {"units"}, {"return_sequences"}, lstm_fault, lstm_shape, learns, "LSTM"},
      {"LastStep", "last_step", {}, {}, global_fault, global_shape, LayerType::is_part},
      {"Flatten", "flatten", {}, {}, no_fault, flat_shape},
      {"Reshape", "reshape", {"target_shape"}, {}, reshape_fault, reshape_shape},
      {"ReLU", "relu", {}, {"max_value"}, relu_fault, same_shape},
      {"Dropout", "dropout", {"rate"}, {}, dropout_fault, same_shape},
      {"BatchNormalization", "batch_normalization", {}, {"epsilon"}, batch_norm_fault, same_shape, learns},
      {"Add", "add", {}, {}, add_fault, same_shape, many},
      {"Concatenate", "concatenate", {}, {}, concatenate_fault, concatenate_shape, many},
      {"Softmax", "softmax", {}, {}, softmax_fault, same_shape}};
  return types;
}

const LayerType* find_layer_type(const std::string& name) {
  const auto found =
      std::ranges::find(layer_types(), name, [](const LayerType& type) { return std::string(type.name); });
  return found == layer_types().end() ? nullptr : &*found;
}

std::vector<std::string> layer_type_names() {
  std::vector<std::string> names;
  for (const LayerType& type : layer_types())
    if (!type.has(LayerType::is_part)) names.push_back(type.name);
  return names;
}

}  // namespace dragonet
