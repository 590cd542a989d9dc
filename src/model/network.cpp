#include "model/network.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "model/layer_types.h"

namespace dragonet {

static constexpr std::int64_t most_values = 1 << 24;  // in one layer's output; no microcontroller holds as many

/// The layers settled, each with a name of its own and its inputs by name.
static std::vector<Layer> named_layers(const Network& network) {
  std::vector<Layer> layers;
  std::set<std::string> taken;
  for (const Layer& layer : network.layers) taken.insert(layer.name);
  std::map<std::string, int> count;  // per type
  for (const Layer& layer : network.layers) {
    Layer named = settled(layer);
    const LayerType* type = find_layer_type(layer.type);
    while (named.name.empty())
      if (const std::string name = fmt::format("{}_{}", type ? type->stem : "layer", ++count[layer.type]);
          taken.insert(name).second)
        named.name = name;
    if (named.inputs.empty()) named.inputs = {layers.empty() ? image_name : layers.back().name};
    layers.push_back(std::move(named));
  }
  return layers;
}

/// The layer of that name before layer i; -1: the image; none: there is no such one.
static std::optional<int> find_input(const std::vector<Layer>& layers, const std::string& name, int i) {
  if (name == image_name || name == input_name) return -1;
  for (int j = 0; j < i; ++j)
    if (layers[j].name == name) return j;
  return std::nullopt;
}

static std::vector<std::vector<int>> find_inputs(const std::vector<Layer>& layers) {
  std::vector<std::vector<int>> all(layers.size());
  for (std::size_t i = 0; i < layers.size(); ++i)
    for (const std::string& name : layers[i].inputs)
      if (const auto found = find_input(layers, name, static_cast<int>(i))) all[i].push_back(*found);
  return all;
}

std::vector<std::vector<int>> input_indices(const Network& network) { return find_inputs(named_layers(network)); }

/// Looks at a network from front to back and keeps all that is wrong.
class Check {
 public:
  explicit Check(const Network& network)
      : network_(network), layers_(named_layers(network)), inputs_(find_inputs(layers_)), shapes_(layers_.size()) {}

  std::vector<Shape> run() {
    if (layers_.empty())
      throw Error({"the network", "it has no layers", "`dragonet show --layers` prints some to begin with"});
    check_names();
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      check_inputs(i);
      shapes_[i] = shape_of(i);
      if (layers_[i].type == "BatchNormalization") refuse(i, fold_fault(i));
      refuse(i, fitting_fault(i));
    }
    check_uses();
    if (!found_.empty()) throw Error(std::move(found_));
    return shapes_;
  }

 private:
  void refuse(std::size_t i, const Fault& fault) {
    if (fault.what.empty()) return;
    const Layer& layer = layers_[i];
    const std::string place = layer.source.empty() ? "the network" : layer.source;
    found_.push_back(
        {fmt::format("{}, layer {} ({}, {})", place, i + 1, layer.type, layer.name), fault.what, fault.next});
  }

  void check_names() {
    std::set<std::string> seen{image_name, input_name};
    for (std::size_t i = 0; i < layers_.size(); ++i)
      if (!seen.insert(layers_[i].name).second)
        refuse(i, {fmt::format("its name {} is taken", layers_[i].name), "give it another"});
  }

  void check_inputs(std::size_t i) {
    std::vector<std::string> before{image_name, input_name};
    for (std::size_t j = 0; j < i; ++j) before.push_back(layers_[j].name);
    for (const std::string& name : layers_[i].inputs) {
      if (find_input(layers_, name, static_cast<int>(i))) continue;
      const bool later = std::ranges::find(layers_, name, &Layer::name) != layers_.end();
      refuse(i, {fmt::format("its input {} is no layer before it", name),
                 later ? fmt::format("move it behind {}", name) : choice_of(name, before)});
    }
  }

  Shape input_shape(int index) const {
    return index < 0 ? Shape{network_.height, network_.width, network_.channels} : shapes_[index];
  }

  /// Empty where it cannot be told: a complaint was made, here or further up.
  Shape shape_of(std::size_t i) {
    const Layer& layer = layers_[i];
    const LayerType* type = find_layer_type(layer.type);
    if (!type) {
      refuse(i, {"there is no such layer", choice_of(layer.type, layer_type_names())});
      return {};
    }
    std::vector<Shape> in;
    for (const int index : inputs_[i]) in.push_back(seen_by(*type, input_shape(index)));
    if (in.size() < layer.inputs.size() || std::ranges::find(in, Shape{}) != in.end()) return {};
    const std::size_t before = found_.size();
    if (in.size() > 1 && !type->has(LayerType::many_inputs))
      refuse(i, {fmt::format("it has {} inputs and takes one", in.size()), "an Add or a Concatenate joins branches"});
    else
      refuse(i, type->fault(layer, in));
    if (found_.size() > before) return {};
    const Shape shape = type->shape(layer, in);
    refuse(i, output_fault(i, shape));
    return found_.size() > before ? Shape{} : shape;
  }

  Fault output_fault(std::size_t i, const Shape& shape) const {
    const std::string& activation = layers_[i].activation;
    if (element_count(shape) > most_values)
      return {fmt::format("its output of {} is more than {} values", text_of(shape), most_values),
              "shrink the maps before it, or give it fewer filters"};
    if (const std::vector<std::string> known{"linear", "relu", "relu6", "softmax"};
        std::ranges::find(known, activation) == known.end())
      return {fmt::format("its activation {} is not known", activation), choice_of(activation, known)};
    if (activation == "softmax" && shape.size() != 1)
      return {fmt::format("its output is a map of {}, and a softmax is of one row", text_of(shape)),
              "put a GlobalAveragePooling2D or a Flatten before it"};
    if (i + 1 == layers_.size() && shape.size() != 1 && !measures_distance(network_.task))
      return {fmt::format("it is the last, and gives a map of {} instead of one score per label", text_of(shape)),
              "end with a GlobalAveragePooling2D or Flatten and a Dense of as many units as there are labels"};
    return {};
  }

  /// Either all that a network learns are statistics, which end in a distance, or gradients train all of it.
  Fault fitting_fault(std::size_t i) const {
    const LayerType* type = find_layer_type(layers_[i].type);
    if (!type) return {};
    const bool is_last = i + 1 == layers_.size(), ends_fitted = layers_.back().type == "Whitening";
    if (layers_[i].type == "Whitening" && !(is_last && measures_distance(network_.task)))
      return {"it measures how far a sample is from what is normal, so it is the last layer, and of the task anomaly",
              "end with it, with task = \"anomaly\", or use a Dense"};
    if (type->has(LayerType::is_fitted) && !ends_fitted)
      return {"nothing fits it: only a network that ends with a Whitening is fitted to the samples",
              "end with a Whitening, or leave it out"};
    if (ends_fitted && type->has(LayerType::learns))
      return {"nothing trains it: a network that ends with a Whitening is fitted, not trained",
              "leave it out, or end with a layer that gives back the input instead of the Whitening"};
    return {};
  }

  std::ptrdiff_t uses_of(int i) const {
    std::ptrdiff_t uses = 0;
    for (const std::vector<int>& inputs : inputs_) uses += std::ranges::count(inputs, i);
    return uses;
  }

  /// It is trained as a layer of its own, and is part of other weights on the chip.
  Fault fold_fault(std::size_t i) const {
    if (inputs_[i].size() != 1) return {};  // told elsewhere
    const int before = inputs_[i][0];
    const LayerType* type = before < 0 ? nullptr : find_layer_type(layers_[before].type);
    if (!type || !type->has(LayerType::takes_norm))
      return {
          fmt::format("it takes {}, and can only be folded into a convolution or a Dense",
                      before < 0 ? "the input" : fmt::format("{} ({})", layers_[before].name, layers_[before].type)),
          "put it just behind one of those, or leave it out"};
    if (layers_[before].activation != "linear")
      return {fmt::format("the {} of {} stands between its weights and this", layers_[before].activation,
                          layers_[before].name),
              "take the activation out there, and put it behind this as a layer of its own"};
    if (uses_of(before) > 1)
      return {fmt::format("{} has other consumers too, so it cannot be folded into its weights", layers_[before].name),
              "let the others take this layer's output, or leave it out"};
    return {};
  }

  void check_uses() {
    for (std::size_t i = 0; i + 1 < layers_.size(); ++i)
      if (uses_of(static_cast<int>(i)) == 0)
        refuse(i, {"nothing takes its output", "name it among another layer's inputs, or remove it"});
  }

  const Network& network_;
  std::vector<Layer> layers_;
  std::vector<std::vector<int>> inputs_;
  std::vector<Shape> shapes_;
  std::vector<Problem> found_;
};

std::vector<Shape> output_shapes(const Network& network) { return Check(network).run(); }

bool is_fitted(const Network& network) {
  return !network.layers.empty() && (network.layers.back().type == "Whitening" || network.layers.back().fitted);
}

static Fault answer_fault(const Network& network, std::int64_t given, std::int64_t asked) {
  if (given == asked || is_fitted(network)) return {};
  if (measures_distance(network.task))
    return {fmt::format("it gives {} values, and its input has {}", given, asked),
            fmt::format("end with a Whitening, or with as many values: a Dense of {} units, say", asked)};
  const char* kind = has_numbers(network.task) ? "numbers" : "labels";
  return {fmt::format("it gives {} scores for {} {}", given, asked, kind),
          fmt::format("give the last Dense {} units", asked)};
}

std::optional<Problem> answer_problem(const Network& network, int outputs) {
  const std::int64_t given = element_count(output_shapes(network).back());
  const std::int64_t input = std::int64_t{network.height} * network.width * network.channels;
  const Fault fault = answer_fault(network, given, measures_distance(network.task) ? input : outputs);
  if (fault.what.empty()) return std::nullopt;
  const std::string& source = network.layers.back().source;
  return Problem{(source.empty() ? "" : source + ", ") + "the network's last layer", fault.what, fault.next};
}

/// Made of one layer, and behind it.
static Layer part_of(const Layer& whole, const std::string& type, const std::string& name) {
  return {.type = type, .name = whole.name + "/" + name, .inputs = {whole.name}, .source = whole.source};
}

static std::vector<Layer> separated(const Layer& layer) {
  Layer depthwise = layer, pointwise = layer;
  depthwise.type = "DepthwiseConv2D";
  depthwise.name += "/depthwise";
  depthwise.use_bias = false;
  pointwise.type = "Conv2D";
  pointwise.inputs = {depthwise.name};
  pointwise.kernel = pointwise.strides = pointwise.dilation = 1;
  return {depthwise, pointwise};
}

/// a + b + c as (a + b) + c; the last sum has the layer's name.
static std::vector<Layer> sums(const Layer& layer) {
  std::vector<Layer> parts;
  std::string sum = layer.inputs[0];
  for (std::size_t i = 1; i < layer.inputs.size(); ++i) {
    Layer part = layer;
    part.inputs = {sum, layer.inputs[i]};
    if (i + 1 < layer.inputs.size()) part.name += fmt::format("/{}", i);
    sum = part.name;
    parts.push_back(std::move(part));
  }
  return parts;
}

/// All steps, and the last of them.
static std::vector<Layer> last_of_steps(const Layer& layer) {
  Layer steps = layer, last = part_of(layer, "LastStep", "");
  steps.name += "/sequence";
  steps.return_sequences = true;
  last.name = layer.name;
  last.inputs = {steps.name};
  return {steps, last};
}

/// What lies above the mean of each channel, and what lies below: x - mean and mean - x, without what is negative.
static std::vector<Layer> deviations(const Layer& layer) {
  Layer differences = layer;
  differences.type = "DepthwiseConv2D";
  differences.kernel = differences.strides = 1;
  differences.depth_multiplier = 2;
  differences.fitted = true;
  return {differences, part_of(layer, "ReLU", "relu")};
}

static Layer fitted_dense(Layer layer, const Shape& output) {
  layer.type = "Dense";
  layer.filters = output[0];
  layer.fitted = true;
  return layer;
}

static std::vector<Layer> parts_of(Layer layer) {
  const std::string activation = std::exchange(layer.activation, "linear");
  std::vector<Layer> parts{layer};
  if (layer.type == "SeparableConv2D") parts = separated(layer);
  if (layer.type == "Add") parts = sums(layer);
  if (layer.type == "LSTM" && !layer.return_sequences) parts = last_of_steps(layer);
  if (layer.type == "Deviations") parts = deviations(layer);
  if (activation == "linear") return parts;
  parts.push_back(part_of(layer, activation == "softmax" ? "Softmax" : "ReLU", activation));
  parts.back().max_value = activation == "relu6" ? 6 : 0;
  return parts;
}

/// A 1-D layer as a 2-D one, behind a Reshape where rows are not steps yet.
static std::vector<Layer> in_two_dimensions(Layer layer, const std::map<std::string, Shape>& shapes) {
  const LayerType& type = *find_layer_type(layer.type);
  if (!type.in_2d) return {layer};
  layer.type = type.in_2d;
  const Shape &in = shapes.at(layer.inputs[0]), steps = seen_by(type, in);
  if (in == steps) return {layer};
  Layer reshape{.type = "Reshape", .name = layer.name + "/steps", .inputs = layer.inputs, .target_shape = steps};
  reshape.source = layer.source;
  layer.inputs = {reshape.name};
  return {reshape, layer};
}

Network expanded(const Network& network) {
  std::map<std::string, Shape> shapes{{image_name, {network.height, network.width, network.channels}}};
  const std::vector<Shape> outputs = output_shapes(network);
  Network result{network.height, network.width, network.channels, {}, network.task};
  std::map<std::string, std::string> last_part{{image_name, image_name}, {input_name, image_name}};  // of each layer
  for (Layer& layer : named_layers(network)) {
    const std::string name = layer.name;
    for (std::string& input : layer.inputs) input = last_part.at(input);
    if (layer.type == "Whitening") layer = fitted_dense(layer, outputs[shapes.size() - 1]);
    for (Layer& one : in_two_dimensions(std::move(layer), shapes))
      for (Layer& part : parts_of(std::move(one))) result.layers.push_back(std::move(part));
    last_part[name] = result.layers.back().name;
    shapes[last_part[name]] = outputs[shapes.size() - 1];
  }
  if (has_labels(network.task) && result.layers.back().type != "Softmax")
    result.layers.push_back(part_of(result.layers.back(), "Softmax", "softmax"));
  return result;
}

/// A convolution, its batch normalization, which makes a bias of its own needless, and a ReLU.
static void add_block(Network& network, Layer convolution) {
  convolution.same = true;
  convolution.use_bias = false;
  network.layers.push_back(std::move(convolution));
  network.layers.push_back({.type = "BatchNormalization"});
  network.layers.push_back({.type = "ReLU"});
}

/// Shared ends of the default networks.
static Network classified(Network network, int labels) {
  network.layers.push_back({.type = "GlobalAveragePooling2D"});
  network.layers.push_back({.type = "Dropout", .rate = 0.2});
  network.layers.push_back({.type = "Dense", .filters = labels});
  network.layers.push_back({.type = "Softmax"});
  return network;
}

static void add_separable_block(Network& network, int filters, int stride) {
  add_block(network, {.type = "DepthwiseConv2D", .kernel = 3, .strides = stride});
  add_block(network, {.type = "Conv2D", .filters = filters, .kernel = 1});
}

Network default_image_network(int height, int width, int channels, int labels) {
  Network network{height, width, channels, {}};
  add_block(network, {.type = "Conv2D", .filters = 16, .kernel = 3, .strides = 2});
  for (const auto& [filters, stride] : {std::pair(32, 1), {48, 2}, {64, 1}, {96, 2}, {96, 1}})
    add_separable_block(network, filters, stride);
  return classified(std::move(network), labels);
}

Network default_sound_network(int frames, int bands, int channels, int labels) {
  Network network{frames, bands, channels, {}};
  const bool many = bands > 20;  // more than cepstral coefficients are
  add_block(network, {.type = "Conv2D", .filters = 32, .kernel = {10, many ? 8 : 4}, .strides = {2, many ? 4 : 2}});
  for (const auto& [filters, stride] : {std::pair(48, 1), {64, 2}, {64, 1}, {64, 1}})
    add_separable_block(network, filters, stride);
  return classified(std::move(network), labels);
}

Network default_motion_network(int window, int width, int axes, int labels) {
  Network network{window, width, axes, {}};
  for (const int filters : {16, 32, 48})
    add_block(network, {.type = "Conv1D", .filters = filters, .kernel = 5, .strides = 2});
  return classified(std::move(network), labels);
}

static Network answering_numbers(Network network) {
  std::erase_if(network.layers, [](const Layer& layer) { return layer.type == "Dropout" || layer.type == "Softmax"; });
  return network;
}

static constexpr int most_statistics = 256;  // a Whitening of them has 64 KB of weights

/// With fewer units where it would have more than 96 KB.
static Layer whitening_of(int statistics) {
  constexpr int most_weights = 96'000;
  const int most = std::max(most_weights / statistics, 1);
  return {.type = "Whitening", .filters = statistics > most ? most : 0};
}

Network default_image_statistics(int height, int width, int channels) {
  constexpr int parts = 4;  // along each side
  const Sides pool{std::max(height / parts, 1), std::max(width / parts, 1)};
  Network network{height, width, channels, {}};
  network.layers = {{.type = "AveragePooling2D", .inputs = {input_name}, .kernel = pool},
                    {.type = "Flatten", .name = "means"},
                    {.type = "MaxPooling2D", .inputs = {input_name}, .kernel = pool},
                    {.type = "Flatten", .name = "peaks"},
                    {.type = "Concatenate", .inputs = {"means", "peaks"}}};
  network.layers.push_back(whitening_of(static_cast<int>(element_count(output_shapes(network).back()))));
  return network;
}

Network default_sequence_statistics(int frames, int width, int channels) {
  Network network{frames, width, channels, {}};
  const int each = 3 * channels, pooled = std::min(width, 1 + (each * width - 1) / most_statistics);
  if (pooled > 1) network.layers.push_back({.type = "AveragePooling2D", .kernel = {1, pooled}});
  const int bands = width / pooled * channels;
  network.layers.push_back({.type = "Reshape", .name = "steps", .target_shape = {frames, 1, bands}});
  network.layers.push_back({.type = "Deviations"});
  network.layers.push_back({.type = "GlobalAveragePooling2D", .name = "means"});
  network.layers.push_back({.type = "GlobalMaxPooling2D", .name = "peaks", .inputs = {"steps"}});
  network.layers.push_back({.type = "Concatenate", .inputs = {"means", "peaks"}});
  network.layers.push_back(whitening_of(3 * bands));
  return network;
}

Network default_value_statistics(int height, int width, int columns) {
  return {height, width, columns, {{.type = "Flatten"}, whitening_of(height * width * columns)}};
}

static Network network_for(const NetworkMakers& make, int height, int width, int channels, int outputs,
                           const Task& task) {
  if (measures_distance(task)) return make.statistics(height, width, channels);
  Network network = make.scores(height, width, channels, outputs);
  return has_numbers(task) ? answering_numbers(std::move(network)) : network;
}

Network default_network(const NetworkMakers& make, int height, int width, int channels, int outputs, const Task& task) {
  Network network = network_for(make, height, width, channels, outputs, task);
  network.task = task;
  return network;
}

}  // namespace dragonet
