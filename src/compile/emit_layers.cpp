#include "compile/emit_layers.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "ops/emit.h"

namespace dragonet {

std::string layer_function(const Node& node) { return layer_function(node.index, node.op); }

std::string output_name(std::size_t i) { return i == 0 ? "output" : fmt::format("output_{}", i); }

std::string one_line(const std::string& text) {
  std::string result = text;
  for (char& c : result)
    if (c < 32 || c > 126 || c == '\\') c = '_';
  return result;
}

static std::string replace_all(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// $_weights is the layer's array of weights, $ alone its parameters.
static std::string with_names(const std::string& text, const std::string& layer) {
  return replace_all(replace_all(text, "$_", layer_constant(layer, "")), "$", layer_constant(layer, "parameters"));
}

/// On words, whatever the type: kernels read them through RowsIn too.
static std::string emit_constant(const std::string& layer, const Constant& constant) {
  return fmt::format("alignas({}) static const {} {}[] = {{{}}};\n", constant.type == "int64_t" ? 8 : 4, constant.type,
                     layer_constant(layer, constant.suffix), constant.values);
}

/// Do the places lie `stride` apart, so that no table is needed?
static bool is_even(const std::vector<std::size_t>& places, std::size_t stride) {
  for (std::size_t i = 1; i < places.size(); ++i)
    if (places[i] != places[0] + i * stride) return false;
  return true;
}

static std::string emit_table(const std::string& name, const std::vector<std::size_t>& places) {
  std::vector<std::size_t> words;
  for (const std::size_t place : places) words.push_back(place / 4);
  const bool is_small = std::ranges::max(words) <= UINT16_MAX;
  return fmt::format("static const {} {}[] = {{{}}};  // in words of 4 bytes\n", is_small ? "uint16_t" : "uint32_t",
                     name, comma_separated(words));
}

/// The table of a stored tensor's places is named after the layer that makes it.
static std::string table_name(const Model& model, int root) {
  for (const Node& node : model.nodes)
    if (std::ranges::find(node.outputs, root) != node.outputs.end())
      return layer_constant(layer_function(node), node.outputs[0] == root ? "places" : fmt::format("places_{}", root));
  return fmt::format("input_places_{}", root);
}

static bool needs_table(const Model& model, int root, const MemoryPlan& plan) {
  return !is_even(plan.places[root], rows_of(model.tensors[root]).bytes);
}

static std::string emit_places(const Model& model, int root, const MemoryPlan& plan) {
  return needs_table(model, root, plan) ? emit_table(table_name(model, root), plan.places[root]) : "";
}

/// Where row y of a stored tensor begins.
static std::string row_address(const Model& model, int root, const MemoryPlan& plan) {
  if (needs_table(model, root, plan))
    return fmt::format("model.arena + ((uint32_t){}[y] << 2)", table_name(model, root));
  const std::size_t place = plan.places[root][0];
  if (rows_of(model.tensors[root]).count == 1) return fmt::format("model.arena + {}", place);
  return fmt::format("model.arena + {} + (uint32_t)y * {}", place, rows_of(model.tensors[root]).bytes);
}

bool mentions(const std::string& code, const std::string& name) {
  return std::regex_search(code, std::regex("\\b" + name + "\\b"));
}

static bool uses_row_number(const std::string& code) { return mentions(code, "y"); }

/// Of several inputs, rows come one input after another: whose turn it is, and which of its rows.
static std::string emit_for_each_input(const Model& model, auto line) {
  if (model.inputs.size() == 1) return line(model.inputs[0]);
  std::string text;
  for (const int t : model.inputs)
    text += fmt::format("  if (y < {0}) {{\n  {1}    return;\n  }}\n  y -= {0};\n", rows_of(model.tensors[t]).count,
                        line(t));
  return text;
}

std::string emit_take_row(const Model& model, const MemoryPlan& plan) {
  const auto copy = [&](int t) {
    return fmt::format("  memcpy({}, row, {});\n", row_address(model, t, plan), rows_of(model.tensors[t]).bytes);
  };
  const std::string body = emit_for_each_input(model, copy);
  return "static void take_row(Model& model, const Input* row) {\n" +
         std::string(uses_row_number(body) ? "  int y = model.next_row[0]++;\n" : "") + body + "}\n\n";
}

std::string emit_next_row_bytes(const Model& model) {
  if (model.inputs.size() == 1) return "uint32_t next_row_bytes(const Model&) { return input_row_bytes; }\n";
  std::string text =
      "uint32_t next_row_bytes(const Model& model) {\n  int y = model.run == runs ? 0 : model.next_row[0];\n";
  for (const int t : model.inputs)
    text += fmt::format("  if (y < {0}) return {1};\n  y -= {0};\n", rows_of(model.tensors[t]).count,
                        rows_of(model.tensors[t]).bytes);
  return text + "  return 0;\n}\n";
}

std::string emit_outputs(const Model& model, const RowGraph& graph, const MemoryPlan& plan) {
  std::string text, bytes;
  for (std::size_t i = 0; i < model.outputs.size(); ++i) {
    const Tensor& tensor = model.tensors[model.outputs[i]];
    const std::size_t place = plan.places[graph.root[model.outputs[i]]][0];
    text += fmt::format("const {0}* {1}(const Model& model) {{ return (const {0}*)(model.arena + {2}); }}\n",
                        c_type(tensor.dtype), output_name(i), place);
    bytes += i + 1 < model.outputs.size()
                 ? fmt::format("  if (i < {0}) return model.arena[{1} + i];\n  i -= {0};\n", tensor.bytes(), place)
                 : fmt::format("  return model.arena[{} + i];\n", place);
  }
  return text + "int8_t output_byte(const Model& model, uint32_t i) {\n" + bytes + "}\n";
}

/// An input whose own rows are not the stored ones is read as rows of its own where it lies whole, else as it lies.
static std::string emit_input(const Model& model, int tensor, int operand, const RowGraph& graph,
                              const MemoryPlan& plan) {
  if (model.tensors[tensor].is_constant()) {
    const RowShape rows = rows_of(model.tensors[tensor]);
    return fmt::format("  const dragonet::RowsIn in{0} = {{(const int8_t*)$_in{0}, {1}, {2}, 0}};\n", operand,
                       rows.bytes, rows.count);
  }
  const int root = graph.root[tensor];
  const RowShape rows = rows_of(model.tensors[graph.stored[root].whole ? tensor : root]);
  const bool scattered = needs_table(model, root, plan);
  return fmt::format("  const dragonet::RowsIn in{} = {{model.arena + {}, {}, {}, {}}};\n", operand,
                     scattered ? 0 : plan.places[root][0], rows.bytes, rows.count,
                     scattered ? table_name(model, root) : "0");
}

KeptPlaces kept_places(const std::vector<Emitted>& nodes) {
  KeptPlaces kept;
  std::map<int, std::size_t> of_variables;
  for (const Emitted& node : nodes) {
    const auto [found, is_new] = of_variables.emplace(node.variable, kept.bytes);
    const bool is_shared = node.variable >= 0 && !is_new;
    kept.places.push_back(is_shared ? found->second : kept.bytes);
    if (!is_shared) kept.bytes = (kept.bytes + node.kept_bytes + 3) / 4 * 4;
  }
  return kept;
}

/// The lines of a layer's function that name its inputs, output and scratch.
static std::string emit_operands(const Model& model, const Node& node, const std::string& call, const RowGraph& graph,
                                 const MemoryPlan& plan) {
  std::string text;
  for (std::size_t i = 0; i < node.inputs.size(); ++i)
    if (mentions(call, fmt::format("in{}", i)))
      text += emit_input(model, node.inputs[i], static_cast<int>(i), graph, plan);
  for (std::size_t i = 0; i < node.outputs.size(); ++i)
    text += fmt::format("  int8_t* const out{} = {};\n", i == 0 ? "" : std::to_string(i),
                        row_address(model, node.outputs[i], plan));
  const std::vector<std::size_t>& scratch = plan.scratch[node.index];
  if (!scratch.empty())
    text += is_even(scratch, 0) ? fmt::format("  int8_t* const scratch = model.arena + {};\n", scratch[0])
                                : fmt::format("  int8_t* const scratch = model.arena + ((uint32_t){}[y] << 2);\n",
                                              layer_constant(layer_function(node), "scratch_places"));
  if (graph.work[node.index].accumulates)
    text += fmt::format("  int8_t* const state = model.arena + {};\n", plan.state[node.index]);
  return text;
}

static std::string emit_tables(const Model& model, const Node& node, const MemoryPlan& plan) {
  std::string text;
  for (const int t : node.outputs) text += emit_places(model, t, plan);
  if (const auto& scratch = plan.scratch[node.index]; !is_even(scratch, 0))
    text += emit_table(layer_constant(layer_function(node), "scratch_places"), scratch);
  return text;
}

static std::string emit_layer(const Model& model, const Node& node, const Emitted& code, const RowGraph& graph,
                              const MemoryPlan& plan, std::size_t kept_place) {
  const std::string name = layer_function(node);
  const std::string& call = graph.work[node.index].accumulates ? code.accumulate : code.row;
  std::string text;
  for (const Constant& constant : code.constants) text += emit_constant(name, constant);
  text += "static const dragonet::" + with_names(code.parameters, name) + ";\n" + emit_tables(model, node, plan);
  text += fmt::format("\n// {}: {} -> {}, one row\n", one_line(model.output(node).name),
                      text_of(values_of(model, node).shape), text_of(model.output(node).shape));
  std::string operands = with_names(emit_operands(model, node, call, graph, plan), name);
  if (code.kept_bytes > 0) operands += fmt::format("  int8_t* const kept = model.kept + {};\n", kept_place);
  text += fmt::format("DRAGONET_NAMED static void {}(Model& model, int{}) {{\n", name,
                      uses_row_number(operands + call) ? " y" : "");
  return text + "  dragonet::writes_memory();\n" + operands +
         fmt::format("  dragonet::{}\n}}\n\n", with_names(call, name));
}

std::map<int, int> layer_numbers(const Model& model) {
  std::map<int, int> numbers;
  for (const Node& node : model.nodes)
    if (!find_operator(node.op)->in_place) numbers.emplace(node.index, static_cast<int>(numbers.size()) + 1);
  return numbers;
}

static const char* counter_type(std::size_t most) {
  return most <= UINT8_MAX ? "uint8_t" : most <= UINT16_MAX ? "uint16_t" : "uint32_t";
}

const char* row_counter_type(const Model& model, const MemoryPlan& plan) {
  int most = 0;
  for (const int t : model.inputs) most += rows_of(model.tensors[t]).count;  // counted through, one after another
  for (const Step& step : plan.steps) most = std::max(most, step.y + 1);
  return counter_type(most);
}

std::string emit_layers(const Model& model, const std::vector<Emitted>& nodes, const RowGraph& graph,
                        const MemoryPlan& plan) {
  std::string text;
  for (const int t : model.inputs) text += emit_places(model, t, plan);
  const std::vector<std::size_t> kept = kept_places(nodes).places;
  for (const Node& node : model.nodes)
    if (!find_operator(node.op)->in_place)
      text += emit_layer(model, node, nodes[node.index], graph, plan, kept[node.index]);
  return text;
}

namespace {
struct LayerRun {
  int layer, rows;
};
}  // namespace

/// Steps of one layer that follow each other are one run.
static std::vector<LayerRun> runs_of(const MemoryPlan& plan, const std::map<int, int>& numbers) {
  std::vector<LayerRun> runs;
  for (const Step& step : plan.steps) {
    const int layer = step.node < 0 ? 0 : numbers.at(step.node);
    if (runs.empty() || runs.back().layer != layer || runs.back().rows == 255)
      runs.push_back({layer, 1});
    else
      ++runs.back().rows;
  }
  return runs;
}

const char* run_counter_type(const Model& model, const MemoryPlan& plan) {
  return counter_type(runs_of(plan, layer_numbers(model)).size());
}

std::string emit_schedule(const Model& model, const MemoryPlan& plan) {
  const std::map<int, int> numbers = layer_numbers(model);
  const std::vector<LayerRun> runs = runs_of(plan, numbers);
  std::string text =
      "// The order in which rows are made: how many of which layer. Layer 0 is the input, whose rows must come.\n";
  text +=
      fmt::format("struct Run {{\n  {} layer;\n  uint8_t rows;\n}};\n", numbers.size() < 255 ? "uint8_t" : "uint16_t");
  text += "static const Run schedule[] = {";
  for (const LayerRun& run : runs) text += fmt::format("{{{},{}}},", run.layer, run.rows);
  text.back() = '}';
  text +=
      fmt::format(";\nenum {{ runs = {} }};\n\nstatic void make_row(Model& model, int layer) {{\n  switch (layer) {{\n",
                  runs.size());
  for (const auto& [node, number] : numbers)
    text += fmt::format("    case {0}: return {1}(model, model.next_row[{0}]++);\n", number,
                        layer_function(model.nodes[node]));
  return text + (numbers.empty() ? "    default: (void)model;\n  }\n}\n\n" : "  }\n}\n\n");
}

}  // namespace dragonet
