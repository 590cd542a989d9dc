#include "compile/compile.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "compile/emit_cpp.h"
#include "compile/emit_layers.h"
#include "compile/passes.h"
#include "model/model_info.h"
#include "ops/check.h"
#include "ops/emit.h"
#include "ops/operator.h"

namespace dragonet {

static void check_name(const Model& model) {
  if (const std::string usable = identifier_of(model.name); usable != model.name)
    throw Error({model.source, fmt::format("its name `{}` cannot be a C++ namespace and header", model.name),
                 fmt::format("name it {}", usable)});
}

static void check_edge(const Model& model, const std::vector<int>& tensors, const char* role) {
  if (tensors.empty() || std::set(tensors.begin(), tensors.end()).size() < tensors.size())
    throw Error({model.source, fmt::format("has no {0}, or one {0} twice", role), "export it anew"});
  for (const int t : tensors)
    if (model.tensors[t].is_constant())
      throw Error({fmt::format("{}, {} {}", model.source, role, model.tensors[t].name),
                   "is a constant, whatever the input", "leave it out"});
}

/// By the first kernel of the core that applies. To save RAM, by the plain one: others take scratch, or deeper stacks.
static Emitted emit_fastest(const Model& model, const Node& node, const CompileTarget& target) {
  const Operator& op = *find_operator(node.op);
  for (const Variant& variant : op.variants) {
    if (target.optimize == Optimize::ram || variant.core != target.core || !variant.applies(model, node)) continue;
    Emitted code = variant.emit(model, node);
    code.kernel = variant.name;
    return code;
  }
  return op.emit(model, node);
}

/// Constants that a node's code reads as it reads computed rows become arrays of its own.
static Emitted emit_node(const Model& model, const Node& node, const CompileTarget& target) {
  Emitted code = emit_fastest(model, node, target);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const std::string operand = fmt::format("in{}", i);
    if (node.inputs[i] >= 0 && model.input(node, i).is_constant() && mentions(code.row, operand))
      code.constants.push_back(constant_of(model.input(node, i), operand));
  }
  return code;
}

// What no chip holds would only be planned and written for long: a file of a few hundred bytes can ask for millions of
// rows.
static constexpr std::size_t largest_tensor_bytes = std::size_t{1} << 24;
static constexpr std::size_t most_rows = 1'000'000;
static constexpr std::size_t most_constant_bytes = std::size_t{1} << 26;
static constexpr std::size_t most_nodes = 10'000, most_tensors = 100'000;

static void check_number(const Model& model, std::size_t number, std::size_t most, const char* of_what) {
  if (number > most)
    throw Error({model.source, fmt::format("has {} {}; at most {} can be compiled", number, of_what, most),
                 "make the model smaller"});
}

/// A small file may name one buffer very often, and every node's code holds what it reads.
static void check_constants(const Model& model) {
  std::size_t bytes = 0;
  for (const Node& node : model.nodes)
    for (const int t : node.inputs)
      if (t >= 0) bytes += model.tensors[t].data.size();
  if (bytes > most_constant_bytes)
    throw Error({model.source,
                 fmt::format("its layers read {} MB of constants, and no chip's flash holds more than {}", bytes >> 20,
                             most_constant_bytes >> 20),
                 "make the model smaller"});
}

static void check_size(const Model& model) {
  check_constants(model);
  check_number(model, model.nodes.size(), most_nodes, "layers");
  check_number(model, model.tensors.size(), most_tensors, "tensors");
  std::vector<int> computed = model.inputs;
  for (const Node& node : model.nodes) computed.insert(computed.end(), node.outputs.begin(), node.outputs.end());
  std::size_t rows = 0;
  for (const int t : computed) {
    const Tensor& tensor = model.tensors[t];
    rows += rows_of(tensor).count;
    if (tensor.bytes() > largest_tensor_bytes)
      throw Error({fmt::format("{}, tensor {}", model.source, tensor.name),
                   fmt::format("takes {} MB while the model runs, and no chip has more than {}", tensor.bytes() >> 20,
                               largest_tensor_bytes >> 20),
                   "make the model's input smaller"});
  }
  check_number(model, rows, most_rows, "rows in all its tensors");
}

static std::vector<Emitted> emit_nodes(const Model& model, const CompileTarget& target) {
  std::vector<Emitted> nodes;
  for (const Node& node : model.nodes) nodes.push_back(emit_node(model, node, target));
  return nodes;
}

static std::vector<EmittedLayer> describe_layers(const Model& model, const std::vector<Emitted>& nodes,
                                                 const std::vector<DroppedOfLayer>& dropped) {
  std::vector<EmittedLayer> layers;
  for (const Node& node : model.nodes) {
    EmittedLayer layer{.function = find_operator(node.op)->in_place ? "" : layer_function(node),
                       .op = node.op,
                       .kernel = nodes[node.index].kernel,
                       .output = model.output(node).name,
                       .shape = model.output(node).shape,
                       .macs = dropped[node.index].macs,
                       .live_macs = dropped[node.index].live_macs};
    for (const Constant& constant : nodes[node.index].constants) layer.constant_bytes += constant.bytes;
    layers.push_back(layer);
  }
  return layers;
}

/// A header of firmware/ and all that it includes from there.
static void add_header(const fs::path& path, std::set<fs::path>& seen, std::vector<EmittedFile>& files) {
  if (!seen.insert(path).second) return;
  const std::string text = read_text(firmware_folder() / path);
  constexpr std::string_view include = "#include \"";
  for (std::size_t at = text.find(include); at != std::string::npos; at = text.find(include, at + 1)) {
    const std::size_t begin = at + include.size();
    add_header(text.substr(begin, text.find('"', begin) - begin), seen, files);
  }
  files.push_back({path, text});
}

EmittedModel compile_model(const Model& whole, const CompileTarget& target) {
  check_name(whole);
  check_supported(whole);
  check_size(whole);
  const Model model = run_passes(whole);
  check_edge(model, model.inputs, "input");
  check_edge(model, model.outputs, "output");
  check_features(model);
  if (model.nodes.empty()) throw Error({whole.source, "has no layers", "give a model that computes something"});
  const std::vector<Emitted> nodes = emit_nodes(model, target);
  const RowGraph graph = row_graph(model, nodes);
  const std::vector<DroppedOfLayer> dropped = dropped_of_layers(whole);
  EmittedModel emitted{.layers = describe_layers(model, nodes, dropped),
                       .dropped = dropped,
                       .optimize = target.optimize,
                       .plan = plan_memory(graph, target.optimize)};
  // From here on every byte of the arena has its address.

  emitted.interface = interface_of(model, nodes, emitted.plan);
  emitted.files.push_back({model.name + ".h", emit_header(model, emitted.interface, emitted.plan)});
  emitted.files.push_back({model.name + ".cpp", emit_source(model, nodes, graph, emitted.plan)});
  std::set<fs::path> seen;
  for (const std::string& header : used_headers(model, nodes)) add_header(header, seen, emitted.files);
  return emitted;
}

void write_emitted(const EmittedModel& emitted, const fs::path& folder) {
  FileSet files;  // a header of one model beside the source of another would compile, and be wrong
  for (const EmittedFile& file : emitted.files) files.add(folder / file.path, file.text);
  files.commit();
}

}  // namespace dragonet
