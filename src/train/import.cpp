// A network's weights from a float model: both are written down as the same list of steps, in Keras' terms and without
// what changes no values, the lists are laid side by side, and every step that has no equal is a difference.

#include "train/import.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>

#include "train/lstm_weights.h"

namespace dragonet {

static constexpr int image = -1, no_partner = -2;  // besides indices of steps

/// A layer of the network, or a node of the model, or the activation fused into one.
struct LayerStep {
  std::string type;         // "Conv2D"; of a node that is none of our layers the operator's name
  std::string settings;     // in words
  std::vector<int> inputs;  // steps, or the image
  int index = 0;            // of the layer or node
  Shape weights = {};       // outputs first
};
using Steps = std::vector<LayerStep>;

static bool is_equal(const LayerStep& a, const LayerStep& b) { return a.type == b.type && a.settings == b.settings; }

static bool covers(const Layer& pool, const Shape& in) {
  return pool.kernel == Sides(in[0], in[1]) && pool.strides.height >= 1 && !pool.same;
}

static std::string window_text(const Layer& layer, const Shape& in) {
  const auto& [vertical, horizontal] = paddings_of(layer, in);
  const bool pads = vertical.before + vertical.after + horizontal.before + horizontal.after > 0;
  std::string text = fmt::format("strides {}x{}, padding {}", layer.strides.height, layer.strides.width,
                                 pads ? "\"same\"" : "\"valid\"");  // where nothing is padded they are one
  if (layer.dilation != Sides(1))
    text += fmt::format(", dilation_rate {}x{}", layer.dilation.height, layer.dilation.width);
  return text;
}

/// For both sides. `in` without the batch; `weights`: as in the file, outputs first.
static LayerStep step_of(const Layer& layer, const Shape& in, const Shape& weights) {
  if (layer.type == "Dense" || layer.type == "LSTM")
    return {.type = layer.type, .settings = "weights " + text_of(weights)};
  if (layer.type.ends_with("Conv2D"))
    return {.type = layer.type, .settings = fmt::format("weights {}, {}", text_of(weights), window_text(layer, in))};
  if (layer.type.ends_with("Pooling2D") && covers(layer, in))
    return {.type = layer.type.starts_with("Global") ? layer.type : "Global" + layer.type};
  if (layer.type == "ZeroPadding2D")
    return {.type = layer.type,
            .settings = fmt::format("padding {}+{}, {}+{}", layer.zeros.vertical.before, layer.zeros.vertical.after,
                                    layer.zeros.horizontal.before, layer.zeros.horizontal.after)};
  if (layer.type == "MaxPooling2D" || layer.type == "AveragePooling2D")
    return {.type = layer.type,
            .settings =
                fmt::format("pool_size {}x{}, {}", layer.kernel.height, layer.kernel.width, window_text(layer, in))};
  return {.type = layer.max_value == 6 ? "ReLU6" : layer.type};
}

static void drop_last_softmax(Steps& steps) {
  if (!steps.empty() && steps.back().type == "Softmax") steps.pop_back();
}

static Shape input_shape(const Network& network, const std::vector<Shape>& shapes, int input) {
  return input < 0 ? Shape{network.height, network.width, network.channels} : shapes[input];
}

static Steps steps_of(const Network& network) {
  static const std::set<std::string> passing{"BatchNormalization", "Dropout", "Flatten", "Reshape"};
  const std::vector<Shape> shapes = output_shapes(network);
  const std::vector<std::vector<int>> inputs = input_indices(network);
  Steps steps;
  std::vector<int> step_of_layer;
  for (std::size_t i = 0; i < shapes.size(); ++i) {
    const Layer& layer = network.layers[i];
    const Shape in = input_shape(network, shapes, inputs[i][0]);
    LayerStep step = step_of(layer, in, weights_shape(layer, in, shapes[i]));
    step.weights = weights_shape(layer, in, shapes[i]);
    step.index = static_cast<int>(i);
    for (const int input : inputs[i]) step.inputs.push_back(input < 0 ? image : step_of_layer[input]);
    const bool passes = passing.contains(layer.type);
    step_of_layer.push_back(passes ? step.inputs[0] : static_cast<int>(steps.size()));
    if (!passes) steps.push_back(std::move(step));
  }
  drop_last_softmax(steps);
  return steps;
}

static bool has_weights(const Model& model, const Node& node, std::size_t rank) {
  if (!model.has_input(node, 1)) return false;
  const Tensor& weights = model.input(node, 1);
  return weights.is_constant() && weights.dtype == DType::float32 && weights.shape.size() == rank;
}

/// None where its numbers are no layer's.
static std::optional<Layer> window_layer(const Model& model, const Node& node, const std::string& type) {
  const bool pool = type.ends_with("Pooling2D");
  if (model.input(node, 0).shape.size() != 4 || (!pool && !has_weights(model, node, 4))) return std::nullopt;
  const auto sides = [&](const std::string& height, const std::string& width, int otherwise) {
    return Sides(static_cast<int>(node.integer(height, otherwise)), static_cast<int>(node.integer(width, otherwise)));
  };
  Layer layer{.type = type,
              .kernel = sides("filter_height", "filter_width", 0),
              .strides = sides("stride_h", "stride_w", 0),
              .dilation = sides("dilation_h_factor", "dilation_w_factor", 1),
              .same = node.integer("padding") == 0};
  if (!pool) layer.kernel = {model.input(node, 1).shape[1], model.input(node, 1).shape[2]};
  for (const Sides& pair : {layer.kernel, layer.strides, layer.dilation})
    if (std::min(pair.height, pair.width) < 1) return std::nullopt;
  return layer;
}

/// The mean over height and width, as other converters write a GlobalAveragePooling2D.
static bool is_global_mean(const Model& model, const Node& node) {
  if (!model.has_input(node, 1) || model.input(node, 1).dtype != DType::int32) return false;
  const auto axes = values<std::int32_t>(model.input(node, 1));
  return model.input(node, 0).shape.size() == 4 && std::ranges::equal(axes, std::vector<std::int32_t>{1, 2});
}

/// None where more than height and width are padded, or by what is worked out.
static std::optional<Layer> padding_layer(const Model& model, const Node& node) {
  if (!model.has_input(node, 1) || model.input(node, 1).dtype != DType::int32) return std::nullopt;
  const auto amounts = values<std::int32_t>(model.input(node, 1));
  if (amounts.size() != 8 || amounts[0] != 0 || amounts[1] != 0 || amounts[6] != 0 || amounts[7] != 0)
    return std::nullopt;
  return Layer{.type = "ZeroPadding2D", .zeros = {{amounts[2], amounts[3]}, {amounts[4], amounts[5]}}};
}

static bool joins_last_axis(const Model& model, const Node& node) {
  const auto rank = std::ssize(model.input(node, 0).shape);
  const std::int64_t axis = node.integer("axis");
  return axis == -1 || axis == rank - 1;
}

/// Of [1, steps, values] or [1, steps, 1, values].
static bool is_last_step(const Model& model, const Node& node) {
  const Shape& in = model.input(node, 0).shape;
  for (const int operand : {1, 2, 3})
    if (!model.has_input(node, operand) || model.input(node, operand).dtype != DType::int32 ||
        values<std::int32_t>(model.input(node, operand)).size() != in.size())
      return false;
  const bool is_sequence = in.size() == 3 || (in.size() == 4 && in[2] == 1);
  if (!is_sequence || in[0] != 1 || node.integer("ellipsis_mask") != 0 || node.integer("new_axis_mask") != 0)
    return false;
  const auto begins = values<std::int32_t>(model.input(node, 1)), strides = values<std::int32_t>(model.input(node, 3));
  const bool takes_last = (node.integer("begin_mask") & 2) == 0 && (begins[1] == -1 || begins[1] == in[1] - 1);
  return takes_last && std::ranges::count(strides, 1) == std::ssize(strides) &&
         element_count(model.output(node).shape) == in.back();
}

std::optional<Layer> layer_of(const Model& model, const Node& node) {
  static const std::map<std::string, std::string> types{{"conv_2d", "Conv2D"},
                                                        {"depthwise_conv_2d", "DepthwiseConv2D"},
                                                        {"max_pool_2d", "MaxPooling2D"},
                                                        {"average_pool_2d", "AveragePooling2D"},
                                                        {"fully_connected", "Dense"},
                                                        {"mean", "GlobalAveragePooling2D"},
                                                        {"pad", "ZeroPadding2D"},
                                                        {"add", "Add"},
                                                        {"concatenation", "Concatenate"},
                                                        {"relu", "ReLU"},
                                                        {"relu6", "ReLU"},
                                                        {"unidirectional_sequence_lstm", "LSTM"},
                                                        {"strided_slice", "LastStep"},
                                                        {"reshape", "Reshape"},
                                                        {"softmax", "Softmax"}};
  const auto type = types.find(node.op);
  if (type == types.end() || !model.has_input(node, 0)) return std::nullopt;
  if (node.op.ends_with("_2d")) return window_layer(model, node, type->second);
  if (node.op == "pad") return padding_layer(model, node);
  if (node.op == "concatenation" && !joins_last_axis(model, node)) return std::nullopt;
  if (node.op == "fully_connected" && !has_weights(model, node, 2)) return std::nullopt;
  if (node.op == "mean" && !is_global_mean(model, node)) return std::nullopt;
  if (type->second == "LSTM" && !is_trained_lstm(model, node)) return std::nullopt;
  if (type->second == "LastStep" && !is_last_step(model, node)) return std::nullopt;
  if (type->second == "LSTM") return Layer{.type = "LSTM", .return_sequences = true};
  return Layer{.type = type->second, .max_value = node.op == "relu6" ? 6.0 : 0.0};
}

static LayerStep step_of(const Model& model, const Node& node) {
  LayerStep step{.type = node.op};
  if (const auto layer = layer_of(model, node)) {
    Shape in = model.input(node, 0).shape;
    if (!in.empty()) in.erase(in.begin());  // the batch
    const Shape weights = model.has_input(node, 1) ? model.input(node, 1).shape : Shape{};
    step = step_of(*layer, in, layer->type == "LSTM" ? lstm_weights_shape(model, node) : weights);
    step.weights = weights;
  }
  step.index = node.index;
  return step;
}

/// The tensors whose values pass through a node: of a reshape not the shape, which may be computed; no states.
static std::vector<int> data_inputs(const Model& model, const Node& node) {
  std::vector<int> found;
  for (const int input : node.inputs)
    if (input >= 0 && !model.tensors[input].is_constant() && !model.tensors[input].is_variable &&
        (node.op != "reshape" || found.empty()))
      found.push_back(input);
  return found;
}

/// Those nodes that the output depends on.
static std::set<int> needed_nodes(const Model& model) {
  std::set<int> tensors(model.outputs.begin(), model.outputs.end()), nodes;
  for (auto node = model.nodes.rbegin(); node != model.nodes.rend(); ++node)
    if (std::ranges::any_of(node->outputs, [&](int output) { return tensors.contains(output); })) {
      nodes.insert(node->index);
      for (const int input : data_inputs(model, *node)) tensors.insert(input);
    }
  return nodes;
}

/// Numbers of the .tflite schema's ActivationFunctionType.
static std::string activation_type(std::int64_t number) {
  return number == 1 ? "ReLU" : number == 3 ? "ReLU6" : fmt::format("activation {}", number);
}

class StepList {
 public:
  explicit StepList(const Model& model) : model_(model) {}

  Steps run() {
    const std::set<int> needed = needed_nodes(model_);
    for (const Node& node : model_.nodes)
      if (needed.contains(node.index)) step_of_tensor_[node.outputs[0]] = add(node);
    drop_last_softmax(steps_);
    return std::move(steps_);
  }

 private:
  /// Returns the step whose values the node's output has.
  int add(const Node& node) {
    LayerStep step = step_of(model_, node);
    for (const int input : data_inputs(model_, node))
      step.inputs.push_back(step_of_tensor_.contains(input) ? step_of_tensor_[input] : image);
    if (node.op == "reshape" && !step.inputs.empty()) return step.inputs[0];
    steps_.push_back(std::move(step));
    if (steps_.back().type == "LSTM") return last();  // which has its own
    if (const std::int64_t activation = node.integer("fused_activation_function"))
      steps_.push_back({activation_type(activation), "", {last()}, node.index});
    return last();
  }
  int last() const { return static_cast<int>(steps_.size()) - 1; }

  const Model& model_;
  Steps steps_;
  std::map<int, int> step_of_tensor_;
};

static Steps steps_of(const Model& model) { return StepList(model).run(); }

/// For every step of `a` the one of `b` beside it, or no_partner, in the same order: so that as much as can be is
/// equal.
static std::vector<int> aligned(const Steps& a, const Steps& b) {
  std::vector<std::vector<int>> best(a.size() + 1, std::vector<int>(b.size() + 1));  // of what follows i and j
  const auto both = [&](std::size_t i, std::size_t j) {
    const int worth = is_equal(a[i], b[j]) ? 3 : a[i].type == b[j].type ? 1 : -1;
    return worth + best[i + 1][j + 1];
  };
  for (std::size_t i = a.size(); i-- > 0;)
    for (std::size_t j = b.size(); j-- > 0;) best[i][j] = std::max({best[i + 1][j], best[i][j + 1], both(i, j)});
  std::vector<int> partner(a.size(), no_partner);
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (best[i][j] == both(i, j))
      partner[i++] = static_cast<int>(j++);
    else
      best[i][j] == best[i + 1][j] ? ++i : ++j;
  }
  return partner;
}

/// "Conv2D (weights 8x3x3x1, strides 2x2, padding "same")"
static std::string text_of(const LayerStep& step) {
  return step.settings.empty() ? step.type : fmt::format("{} ({})", step.type, step.settings);
}

class Import {
 public:
  Import(const Network& network, const Model& model)
      : network_(network),
        model_(model),
        asked_(steps_of(network)),
        given_(steps_of(model)),
        partner_(aligned(asked_, given_)) {}

  std::vector<TrainedLayer> run() {
    compare_images();
    compare_steps();
    std::vector<TrainedLayer> layers(network_.layers.size());
    for (std::size_t i = 0; i < asked_.size(); ++i)
      if (partner_[i] >= 0 && is_equal(asked_[i], given_[partner_[i]]))
        take_constants(asked_[i], model_.nodes[given_[partner_[i]].index], layers);
      else if (begins_anew(static_cast<int>(i)))
        begin_anew(asked_[i], layers);
    if (!found_.empty()) throw Error(std::move(found_));
    return layers;
  }

 private:
  void refuse(const std::string& where, const std::string& what) {
    found_.push_back({where, what, "give the network the layers of the file, or begin with another model"});
  }

  std::string place_of(const LayerStep& asked) const {
    const Layer& layer = network_.layers[asked.index];
    return fmt::format("{}, layer {}", layer.source.empty() ? "the network" : layer.source, layer.name);
  }

  void compare_images() {
    const Shape asked{1, network_.height, network_.width, network_.channels};
    const Shape given = model_.inputs.size() == 1 ? model_.tensors[model_.inputs[0]].shape : Shape{};
    if (given != asked)
      refuse("dragonet.toml, features", fmt::format("they give an image of {}, and the input of {} is {}",
                                                    dragonet::text_of(asked), model_.source, dragonet::text_of(given)));
  }

  void compare_steps() {
    std::set<int> taken(partner_.begin(), partner_.end());
    for (std::size_t i = 0; i < asked_.size(); ++i) compare(asked_[i], partner_[i]);
    for (std::size_t j = 0; j < given_.size(); ++j)
      if (!taken.contains(static_cast<int>(j)))
        refuse(describe(model_, model_.nodes[given_[j].index]),
               fmt::format("its {} has no counterpart in the network", text_of(given_[j])));
  }

  void compare(const LayerStep& asked, int partner) {
    if (partner < 0) return refuse(place_of(asked), fmt::format("{} has no {} there", model_.source, text_of(asked)));
    const LayerStep& given = given_[partner];
    if (!is_equal(asked, given) && !begins_anew(static_cast<int>(&asked - asked_.data())))
      refuse(place_of(asked),
             fmt::format("it is a {}, and {} has a {} there", text_of(asked), model_.source, text_of(given)));
    else if (!same_inputs(asked, given))
      refuse(place_of(asked), fmt::format("it takes other layers' outputs than its counterpart in {}", model_.source));
  }

  /// An input that has no partner, on either side, was told already.
  bool same_inputs(const LayerStep& asked, const LayerStep& given) const {
    std::vector<int> expected, found = given.inputs;
    for (const int input : asked.inputs) expected.push_back(input < 0 ? image : partner_[input]);
    if (asked.type == "Add") std::ranges::sort(expected), std::ranges::sort(found);
    const auto is_told = [&](int input) { return input >= 0 && std::ranges::count(partner_, input) == 0; };
    return expected == found || std::ranges::count(expected, no_partner) > 0 || std::ranges::any_of(found, is_told);
  }

  /// The last layer with weights may have another number of outputs: as many as there are labels now. What leads there
  /// is what transfer learning keeps.
  bool begins_anew(int i) const {
    const auto has_weights = [](const LayerStep& step) { return !step.weights.empty(); };
    const auto last = std::find_if(asked_.rbegin(), asked_.rend(), has_weights);
    if (last == asked_.rend() || &*last != &asked_[i] || partner_[i] < 0) return false;
    const LayerStep& given = given_[partner_[i]];
    if (asked_[i].type != "Dense" || given.type != "Dense" || given.weights.size() != 2) return false;
    return given.weights[1] == asked_[i].weights[1] && given.weights[0] != asked_[i].weights[0];
  }

  /// Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", equation 16.
  void begin_anew(const LayerStep& asked, std::vector<TrainedLayer>& layers) const {
    const double limit = std::sqrt(6.0 / (asked.weights[0] + asked.weights[1]));
    std::mt19937 random(1);
    TrainedLayer& layer = layers[asked.index];
    layer.weights.resize(static_cast<std::size_t>(element_count(asked.weights)));
    for (float& weight : layer.weights)  // not std::uniform_real_distribution, which is another in every library
      weight = static_cast<float>(limit * (2.0 * random() / 4294967295.0 - 1));
    if (network_.layers[asked.index].use_bias) layer.bias.resize(static_cast<std::size_t>(asked.weights[0]));
  }

  /// The BatchNormalization behind a layer, into which its bias goes; -1: none.
  int norm_of(int layer) const {
    const std::vector<std::vector<int>> inputs = input_indices(network_);
    for (std::size_t i = 0; i < inputs.size(); ++i)
      if (network_.layers[i].type == "BatchNormalization" && inputs[i][0] == layer) return static_cast<int>(i);
    return -1;
  }

  /// Weights and bias of a step that has an equal partner.
  void take_constants(const LayerStep& asked, const Node& node, std::vector<TrainedLayer>& layers) {
    const std::string& type = network_.layers[asked.index].type;
    if (type == "LSTM") {
      layers[asked.index] = {.weights = lstm_weights(model_, node), .bias = lstm_bias(model_, node)};
      return;
    }
    if (type != "Dense" && !type.ends_with("Conv2D")) return;
    const Tensor& weights = model_.input(node, 1);
    layers[asked.index].weights.assign(values<float>(weights).begin(), values<float>(weights).end());
    const int outputs = type == "DepthwiseConv2D" ? weights.shape[3] : weights.shape[0];
    std::vector<float> bias(outputs);
    if (model_.has_input(node, 2)) {
      const Tensor& given = model_.input(node, 2);
      if (given.dtype != DType::float32 || values<float>(given).size() != bias.size())
        return refuse(describe(model_, node), fmt::format("its bias is not {} float32 values", outputs));
      bias.assign(values<float>(given).begin(), values<float>(given).end());
    }
    place_bias(asked, std::move(bias), layers);
  }

  void place_bias(const LayerStep& asked, std::vector<float> bias, std::vector<TrainedLayer>& layers) {
    const bool is_zero = std::ranges::count(bias, 0.0f) == std::ssize(bias);
    const bool use_bias = network_.layers[asked.index].use_bias;
    if (use_bias) layers[asked.index].bias.resize(bias.size());
    if (const int norm = norm_of(asked.index); norm >= 0)
      layers[norm].beta = std::move(bias);
    else if (use_bias)
      layers[asked.index].bias = std::move(bias);
    else if (!is_zero)
      refuse(place_of(asked), fmt::format("it has no bias, and its counterpart in {} has one", model_.source));
  }

  const Network& network_;
  const Model& model_;
  Steps asked_, given_;
  std::vector<int> partner_;  // of each asked step: a given one, or no_partner
  std::vector<Problem> found_;
};

/// Quantized anywhere: weights that were rounded are no start, and their scales no layer's.
static void require_float(const Model& model) {
  for (const Tensor& tensor : model.tensors)
    if (tensor.dtype == DType::int8 || tensor.dtype == DType::uint8 || tensor.dtype == DType::int16)
      throw Error({model.source,
                   fmt::format("it is quantized ({} is {}), and training begins with float weights", tensor.name,
                               name_of(tensor.dtype)),
                   "give the float model that it was made of: beside a run's model.tflite lies float.tflite"});
}

std::vector<TrainedLayer> import_layers(const Network& network, const Model& model) {
  require_float(model);
  const Network all = expanded(network);
  return Import(all, model).run();
}

}  // namespace dragonet
