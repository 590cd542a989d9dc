#include "project/layers_toml.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/layer_types.h"

namespace dragonet {

/// An argument of layers as TOML has it.
struct Argument {
  std::string name;
  const char* expects;
  bool (*read)(const toml::node&, Layer&);    // false: a value of another kind
  std::string (*text)(const Layer& settled);  // empty: at its default
};

static bool read_int(const toml::node& node, int& value) {
  const auto found = node.as_integer();
  if (!found || found->get() < -1 || found->get() > 1'000'000) return false;
  value = static_cast<int>(found->get());
  return true;
}

/// 3 or [3, 5]; nothing below 1, which would mean "left out".
static bool read_sides(const toml::node& node, Sides& sides) {
  int both = 0;
  if (read_int(node, both)) {
    sides = both;
  } else {
    const toml::array* list = node.as_array();
    if (!list || list->size() != 2 || !read_int(*list->get(0), sides.height) || !read_int(*list->get(1), sides.width))
      return false;
  }
  return sides.height >= 1 && sides.width >= 1;
}

static bool is_1d(const Layer& layer) { return layer.type.ends_with("1D"); }

/// Of a 1-D layer a number alone.
static bool read_sides_of(const Layer& layer, const toml::node& node, Sides& sides) {
  return (!is_1d(layer) || !node.is_array()) && read_sides(node, sides);
}

static std::string sides_text(const Layer& layer, const Sides& sides) {
  if (sides.height == sides.width || is_1d(layer)) return fmt::format("{}", sides.height);
  return fmt::format("[{}, {}]", sides.height, sides.width);
}

static bool read_real(const toml::node& node, double& value) {
  const auto found = node.value<double>();
  if (node.is_number() && found) value = *found;
  return node.is_number();
}

static bool read_word(const toml::node& node, std::string& word) {
  if (!node.is_string()) return false;
  word = node.as_string()->get();
  return true;
}

/// 2, or [1, 2].
static bool read_pair(const toml::node& node, Padding& pair) {
  if (read_int(node, pair.before)) {
    pair.after = pair.before;
    return pair.before >= 0;
  }
  const toml::array* list = node.as_array();
  return list && list->size() == 2 && read_int(*list->get(0), pair.before) && read_int(*list->get(1), pair.after) &&
         std::min(pair.before, pair.after) >= 0;
}

/// As Keras: of ZeroPadding1D a number or [before, after]; of ZeroPadding2D a number, [height, width] for both sides,
/// or
/// [[top, bottom], [left, right]].
static bool read_zeros(const toml::node& node, Layer& layer) {
  auto& [vertical, horizontal] = layer.zeros;
  if (is_1d(layer)) return read_pair(node, vertical);
  const toml::array* list = node.as_array();
  if (list && list->size() == 2) return read_pair(*list->get(0), vertical) && read_pair(*list->get(1), horizontal);
  return !list && read_pair(node, vertical) && read_pair(node, horizontal);
}

static std::string pair_text(const Padding& pair) {
  return pair.before == pair.after ? fmt::format("{}", pair.before) : fmt::format("[{}, {}]", pair.before, pair.after);
}

static std::string zeros_text(const Layer& layer) {
  const auto& [vertical, horizontal] = layer.zeros;
  if (is_1d(layer) || (vertical == horizontal && vertical.before == vertical.after)) return pair_text(vertical);
  return fmt::format("[{}, {}]", pair_text(vertical), pair_text(horizontal));
}

static bool pads_zeros(const Layer& layer) { return layer.type.starts_with("ZeroPadding"); }

static std::string padding_text(const Layer& layer) {
  const bool is_default = layer.zeros == settled({.type = layer.type}).zeros;
  if (pads_zeros(layer)) return is_default ? "" : zeros_text(layer);
  return layer.same ? "\"same\"" : "";
}

static bool read_padding(const toml::node& node, Layer& layer) {
  if (pads_zeros(layer)) return read_zeros(node, layer);
  std::string word;
  if (!read_word(node, word) || (word != "same" && word != "valid")) return false;
  layer.same = word == "same";
  return true;
}

static bool read_bool(const toml::node& node, bool& value) {
  if (node.is_boolean()) value = node.as_boolean()->get();
  return node.is_boolean();
}

static bool read_shape(const toml::node& node, Shape& shape) {
  const toml::array* list = node.as_array();
  for (std::size_t i = 0; list && i < list->size(); ++i) {
    shape.push_back(0);
    if (!read_int(*list->get(i), shape.back())) return false;
  }
  return list != nullptr;
}

static std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

static std::string shape_text(const Shape& shape) {
  std::vector<std::string> sides;
  for (const int side : shape) sides.push_back(std::to_string(side));
  return "[" + joined(sides) + "]";
}

/// Names are letters, digits and _ - . only, so nothing needs escaping.
static std::string quoted(const std::string& word) { return '"' + word + '"'; }

static constexpr const char* whole = "a whole number";
static constexpr const char* sides = "a whole number from 1 on, or, of a 2-D layer, [height, width]";

static const std::vector<Argument>& arguments() {
  using Node = const toml::node&;
  static const auto filters_text = [](const Layer& l) {
    return l.filters == 0 ? std::string() : fmt::format("{}", l.filters);
  };
  static const auto kernel_text = [](const Layer& l) { return sides_text(l, l.kernel); };
  static const std::vector<Argument> table{
      {"filters", whole, [](Node n, Layer& l) { return read_int(n, l.filters); }, filters_text},
      {"units", whole, [](Node n, Layer& l) { return read_int(n, l.filters); }, filters_text},
      {"kernel_size", sides, [](Node n, Layer& l) { return read_sides_of(l, n, l.kernel); }, kernel_text},
      {"pool_size", sides, [](Node n, Layer& l) { return read_sides_of(l, n, l.kernel); }, kernel_text},
      {"strides", sides, [](Node n, Layer& l) { return read_sides_of(l, n, l.strides); },
       [](const Layer& l) {
         return l.strides == settled({.type = l.type, .kernel = l.kernel}).strides ? "" : sides_text(l, l.strides);
       }},
      {"padding", "\"same\" or \"valid\"; of a ZeroPadding a whole number or [before, after]", read_padding,
       padding_text},
      {"dilation_rate", sides, [](Node n, Layer& l) { return read_sides_of(l, n, l.dilation); },
       [](const Layer& l) {
         return l.dilation == settled({.type = l.type}).dilation ? "" : sides_text(l, l.dilation);
       }},
      {"depth_multiplier", whole, [](Node n, Layer& l) { return read_int(n, l.depth_multiplier); },
       [](const Layer& l) { return l.depth_multiplier == 1 ? "" : fmt::format("{}", l.depth_multiplier); }},
      {"activation", "\"linear\", \"relu\", \"relu6\" or \"softmax\"",
       [](Node n, Layer& l) { return read_word(n, l.activation); },
       [](const Layer& l) { return l.activation == "linear" ? "" : quoted(l.activation); }},
      {"use_bias", "true or false", [](Node n, Layer& l) { return read_bool(n, l.use_bias); },
       [](const Layer& l) { return std::string(l.use_bias ? "" : "false"); }},
      {"return_sequences", "true or false", [](Node n, Layer& l) { return read_bool(n, l.return_sequences); },
       [](const Layer& l) { return std::string(l.return_sequences ? "true" : ""); }},
      {"max_value", "6, or nothing", [](Node n, Layer& l) { return read_real(n, l.max_value) && l.max_value > 0; },
       [](const Layer& l) { return l.max_value == 0 ? "" : fmt::format("{}", l.max_value); }},
      {"rate", "a number from 0 to below 1", [](Node n, Layer& l) { return read_real(n, l.rate); },
       [](const Layer& l) { return fmt::format("{}", l.rate); }},
      {"epsilon", "a small positive number", [](Node n, Layer& l) { return read_real(n, l.epsilon); },
       [](const Layer& l) { return l.epsilon == Layer{}.epsilon ? "" : fmt::format("{}", l.epsilon); }},
      {"target_shape", "[values] or [height, width, channels]",
       [](Node n, Layer& l) { return read_shape(n, l.target_shape); },
       [](const Layer& l) { return shape_text(l.target_shape); }}};
  return table;
}

static const Argument& find_argument(const std::string& name) {
  return *std::ranges::find(arguments(), name, &Argument::name);
}

static std::vector<std::string> arguments_of(const LayerType& type) {
  std::vector<std::string> all = type.required;
  all.insert(all.end(), type.optional.begin(), type.optional.end());
  return all;
}

/// Reads one table of [[model.layers]] after the other, and keeps all that is wrong.
class LayersReader {
 public:
  explicit LayersReader(const std::string& file) : file_(file) {}

  std::vector<Layer> read(const toml::array& tables) {
    std::vector<Layer> layers;
    for (const toml::node& node : tables) {
      if (const toml::table* table = node.as_table())
        layers.push_back(read_layer(*table));
      else
        refuse(node, "a layer is a table", "write [[model.layers]], and its type and arguments below");
    }
    if (!found_.empty()) throw Error(std::move(found_));
    return layers;
  }

  std::string place(const toml::node& node) const {
    const auto at = node.source().begin;
    return fmt::format("{}, line {}, column {}", file_, at.line, at.column);
  }

 private:
  void refuse(const toml::node& node, const std::string& what, const std::string& next) {
    found_.push_back({place(node), what, next});
  }

  Layer read_layer(const toml::table& table) {
    Layer layer{.source = place(table)};
    const toml::node* type_node = table.get("type");
    if (!type_node || !read_word(*type_node, layer.type)) {
      refuse(table, "the layer has no type", "add type = \"Conv2D\" or another");
      return layer;
    }
    const LayerType* type = find_layer_type(layer.type);
    if (!type || type->has(LayerType::is_part)) {
      refuse(*type_node, fmt::format("there is no layer {}", layer.type), choice_of(layer.type, layer_type_names()));
      return layer;
    }
    for (const auto& [key, node] : table)
      if (key != "type") read_argument(*type, std::string(key.str()), node, layer);
    for (const std::string& name : type->required)
      if (!table.contains(name))
        refuse(table, fmt::format("the {} has no {}", layer.type, name),
               fmt::format("give it {}: {}", name, find_argument(name).expects));
    return layer;
  }

  void read_argument(const LayerType& type, const std::string& name, const toml::node& node, Layer& layer) {
    if (name == "name") return read_name(node, layer);
    if (name == "inputs") return read_inputs(node, layer);
    if (const std::vector<std::string> known = arguments_of(type); std::ranges::find(known, name) == known.end())
      return refuse_argument(type, name, node);
    const Argument& argument = find_argument(name);
    if (!argument.read(node, layer))
      refuse(node, fmt::format("{} has a value of another kind", name), fmt::format("give {}", argument.expects));
  }

  void refuse_argument(const LayerType& type, const std::string& name, const toml::node& node) {
    std::vector<std::string> known = arguments_of(type);
    known.insert(known.end(), {"name", "inputs"});
    const bool of_others = std::ranges::find(arguments(), name, &Argument::name) != arguments().end();
    refuse(node, fmt::format("{} has no argument {}", type.name, name),
           of_others ? "it has " + joined(known) : choice_of(name, known));
  }

  void read_name(const toml::node& node, Layer& layer) {
    const auto is_plain = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-' || c == '.'; };
    if (!read_word(node, layer.name) || layer.name.empty() || !std::ranges::all_of(layer.name, is_plain))
      refuse(node, "the name is no word", "use letters, digits and _ - .");
  }

  void read_inputs(const toml::node& node, Layer& layer) {
    const toml::array* list = node.as_array();
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      layer.inputs.emplace_back();
      if (!read_word(*list->get(i), layer.inputs.back())) list = nullptr;
    }
    if (!list || list->empty())
      refuse(node, "inputs is no list of names", "give names of layers: inputs = [\"a\", \"b\"]");
  }

  std::string file_;
  std::vector<Problem> found_;
};

std::vector<Layer> read_layers(const toml::table& root, const std::string& file) {
  const toml::node* model = root.get("model");
  if (!model) return {};
  LayersReader reader(file);
  const std::string next = "write [[model.layers]] for every layer; `dragonet show --layers` prints some";
  if (!model->is_table()) throw Error({reader.place(*model), "model is no section", next});
  for (const auto& [key, node] : *model->as_table())
    if (key != "layers")
      throw Error({reader.place(node), fmt::format("the setting model.{} is not known", key.str()), next});
  const toml::node* layers = model->as_table()->get("layers");
  if (!layers) return {};
  if (!layers->is_array()) throw Error({reader.place(*layers), "model.layers is one table, not a list of them", next});
  return reader.read(*layers->as_array());
}

static std::string layer_toml(const Layer& layer) {
  const LayerType& type = *find_layer_type(layer.type);
  std::string text = fmt::format("[[model.layers]]\ntype = {}\n", quoted(layer.type));
  if (!layer.name.empty()) text += fmt::format("name = {}\n", quoted(layer.name));
  std::vector<std::string> inputs;
  for (const std::string& input : layer.inputs) inputs.push_back(quoted(input));
  if (!inputs.empty()) text += fmt::format("inputs = [{}]\n", joined(inputs));
  for (const std::string& name : arguments_of(type))
    if (const std::string value = find_argument(name).text(settled(layer)); !value.empty())
      text += fmt::format("{} = {}\n", name, value);
  return text;
}

std::string layers_toml(const std::vector<Layer>& layers) {
  std::string text;
  for (const Layer& layer : layers) text += (text.empty() ? "" : "\n") + layer_toml(layer);
  return text;
}

}  // namespace dragonet
