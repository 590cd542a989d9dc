#include "compile/compile.h"

#include <fmt/format.h>

#include <set>

#include "base/error.h"
#include "compile/emit_cpp.h"
#include "compile/emit_layers.h"
#include "compile/passes.h"
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

/// Constants that a node's code reads as it reads computed rows become arrays of its own.
static Emitted emit_node(const Model& model, const Node& node) {
  Emitted code = find_operator(node.op)->emit(model, node);
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const std::string operand = fmt::format("in{}", i);
    if (node.inputs[i] >= 0 && model.input(node, i).is_constant() && mentions(code.row, operand))
      code.constants.push_back(constant_of(model.input(node, i), operand));
  }
  return code;
}

static std::vector<Emitted> emit_nodes(const Model& model) {
  std::vector<Emitted> nodes;
  for (const Node& node : model.nodes) nodes.push_back(emit_node(model, node));
  return nodes;
}

static std::vector<EmittedLayer> describe_layers(const Model& model, const std::vector<Emitted>& nodes) {
  std::vector<EmittedLayer> layers;
  for (const Node& node : model.nodes) {
    const Operator& op = *find_operator(node.op);
    EmittedLayer layer{.function = op.in_place ? "" : layer_function(node),
                       .op = node.op,
                       .output = model.output(node).name,
                       .shape = model.output(node).shape,
                       .macs = op.macs(model, node)};
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

EmittedModel compile_model(const Model& whole, Optimize optimize) {
  check_name(whole);
  check_supported(whole);
  const Model model = run_passes(whole);
  check_edge(model, model.inputs, "input");
  check_edge(model, model.outputs, "output");
  check_image(model);
  if (model.nodes.empty()) throw Error({whole.source, "has no layers", "give a model that computes something"});
  const std::vector<Emitted> nodes = emit_nodes(model);
  const RowGraph graph = row_graph(model, nodes);
  EmittedModel emitted{.name = model.name,
                       .layers = describe_layers(model, nodes),
                       .optimize = optimize,
                       .plan = plan_memory(graph, optimize)};
  // From here on every byte of the arena has its address.

  emitted.files.push_back({model.name + ".h", emit_header(model, emitted.plan)});
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
