#include "compile/emit_cpp.h"

#include <algorithm>

#include "compile/emit_features.h"
#include "compile/emit_layers.h"
#include "model/model_info.h"
#include "ops/emit.h"

namespace dragonet {

/// As a C++ string literal. Bytes that are not plain ASCII are written in octal, which cannot swallow what follows.
static std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const unsigned char c : text)
    result += c < 32 || c > 126 || c == '"' || c == '\\' || c == '?' ? fmt::format("\\{:03o}", c)
                                                                     : std::string(1, static_cast<char>(c));
  return result + '"';
}

static const Tensor& input_of(const Model& model) { return model.tensors[model.inputs[0]]; }
static const Tensor& output_of(const Model& model) { return model.tensors[model.outputs[0]]; }
// One label for each score is text and flash in proportion to the scores. Where nobody has named any, more than this
// many are no classes.
static constexpr std::int64_t most_unnamed_scores = 1000;

/// What measures a distance has no scores: its labels are only what `answer` says.
static std::string label_count(const Model& model) {
  const ModelInfo info = info_of(model);
  const std::int64_t scores = element_count(output_of(model).shape);
  if (measures_distance(info.task)) return std::to_string(info.labels.size());
  return info.labels.empty() && scores > most_unnamed_scores ? "1" : "output_count";
}

static constexpr const char* best_label_text = R"(
// Index into labels of the highest score of the last inference; confidence: that score as a real number.
inline int best_label(const Model& model, float* confidence = 0) {
  const Output* scores = output(model);
  int best = 0;
  for (int i = 1; i < output_count; ++i)
    if (scores[i] > scores[best]) best = i;
  if (confidence) *confidence = output_scale * (float)(scores[best] - output_zero_point);
  return best;
}
)";

/// Of a model that has labels and scores for them.
static std::string best_label_code(const Model& model) {
  const ModelInfo info = info_of(model);
  return has_labels(info.task) && !info.labels.empty() ? best_label_text : "";
}

static constexpr const char* header_text = R"(// {title}
// Made by Dragonet; compile {name}.cpp with any C++11 compiler, this folder on its include path. No heap, no library.
//
//   static {name}::Model model;                          // all the RAM that inference needs
//   {name}::{invoke}(model, input);                        // the whole input at once, or row by row:
//   {name}::{begin}(model);  while (!{name}::{feed_row}(model, next_row())) {{}}
//   const {output_type}* scores = {name}::output(model);         // real = output_scale * (q - output_zero_point)
#pragma once

#include <stdint.h>
{feature_includes}
{feature_macros}
namespace {name} {{

enum {{
  input_rows = {input_rows},        // the input is {input_shape}
  input_row_bytes = {input_row_bytes},   // of the longest row
  input_bytes = {input_bytes},
  output_count = {output_count},       // values of the first output; the output is {output_shape}
  output_bytes = {output_bytes}{feature_enums}
}};
typedef {input_type} Input;
typedef {output_type} Output;
static const float input_scale = {input_scale}f, output_scale = {output_scale}f;
static const int32_t input_zero_point = {input_zero_point}, output_zero_point = {output_zero_point};
extern const char model_hash[];
extern const char* const labels[{label_count}];

struct Model {{
  alignas(4) int8_t arena[{arena_bytes}];{kept}
  {run_type} run;        // of the schedule: the one under way
  uint8_t rows_taken;  // of a run of input rows, so far
  {row_type} next_row[{counters}];  // number of the next row of the input and of each layer{feature_state}
}};
enum {{ ram_bytes = sizeof(Model) }};

void {begin}(Model& model);                            // before the first input row
uint32_t next_row_bytes(const Model& model);         // bytes of the row that feed_row takes next
bool {feed_row}(Model& model, const Input* row);       // [next_row_bytes]; true: it was the last, the output is ready
void {invoke}(Model& model, const Input* input);       // [input_bytes], all rows back to back; the output is ready
{reset_declaration}{outputs}int8_t output_byte(const Model& model, uint32_t i);  // of all outputs, back to back; i below output_bytes
{best_label}{feature_declarations}
}}  // namespace {name}
)";

static std::string real_text(float value) {
  const std::string text = fmt::format("{}", value);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

/// Where it is not quantized, a value is what it stands for.
static float scale_of(const Tensor& tensor) {
  return tensor.quantization.scale.empty() ? 1 : tensor.quantization.scale[0];
}
static std::int32_t zero_point_of(const Tensor& tensor) {
  return tensor.quantization.zero_point.empty() ? 0 : tensor.quantization.zero_point[0];
}

/// "1x49x10x1 int8, 1x4 int8"
static std::string shapes_text(const Model& model, const std::vector<int>& tensors) {
  std::string text;
  for (const int t : tensors)
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", text_of(model.tensors[t].shape),
                        name_of(model.tensors[t].dtype));
  return text;
}

/// Bytes where the inputs are of several types.
static const char* input_type(const Model& model) {
  for (const int t : model.inputs)
    if (model.tensors[t].dtype != input_of(model).dtype) return "int8_t";
  return c_type(input_of(model).dtype);
}

static std::string output_declarations(const Model& model) {
  std::string text;
  for (std::size_t i = 0; i < model.outputs.size(); ++i) {
    const Tensor& tensor = model.tensors[model.outputs[i]];
    text += fmt::format("const {}* {}(const Model& model);  // [{}], until the next begin\n", c_type(tensor.dtype),
                        output_name(i), element_count(tensor.shape));
  }
  return text;
}

static std::string title_of(const Model& model) {
  const ModelInfo info = info_of(model);
  return one_line(fmt::format("{}: a neural network of {} layers{}{}", model.name, model.nodes.size(),
                              info.model_hash.empty() ? "" : ", weights " + info.model_hash.substr(0, 12),
                              info.data_hash.empty() ? "" : ", samples " + info.data_hash.substr(0, 12)));
}

static std::string includes(const std::set<std::string>& headers) {
  std::string text;
  for (const std::string& header : headers) text += fmt::format("\n#include \"{}\"", header);
  return text.empty() ? text : text + "\n";
}

EmittedInterface interface_of(const Model& model, const std::vector<Emitted>& nodes, const MemoryPlan& plan) {
  EmittedInterface interface {
    .name = model.name, .raw = feature_code(model).raw,
    .output_count = static_cast<std::size_t>(element_count(output_of(model).shape)),
    .kept_bytes = kept_places(nodes).bytes, .arena_bytes = std::max<std::size_t>(plan.bytes, 4)
  };
  for (const int t : model.inputs) {
    const RowShape rows = rows_of(model.tensors[t]);
    interface.input_rows += rows.count;
    interface.input_row_bytes = std::max(interface.input_row_bytes, rows.bytes);
    interface.input_bytes += model.tensors[t].bytes();
  }
  for (const int t : model.outputs) interface.output_bytes += model.tensors[t].bytes();
  for (const Node& node : model.nodes)
    if (!find_operator(node.op)->in_place) {
      interface.layers.push_back(layer_function(node));
      interface.layer_names.push_back(model.output(node).name);
    }
  return interface;
}

static std::string macro_line(const EmittedInterface& interface) {
  return interface.raw == RawInput::none ? "" : fmt::format("#define {} 1\n", raw_input_macro(interface));
}

static std::string reset_declaration(const EmittedInterface& interface) {
  if (interface.kept_bytes == 0)
    return fmt::format("inline void {}(Model&) {{}}                            // nothing is kept between inferences\n",
                       entry::reset);
  return fmt::format(
      "// What an inference leaves for the next, as a step of a sequence does, is kept until this. A static Model "
      "begins so.\n"
      "void {}(Model& model);\n",
      entry::reset);
}

std::string emit_header(const Model& model, const EmittedInterface& interface, const MemoryPlan& plan) {
  using fmt::arg;
  const Tensor &in = input_of(model), &out = output_of(model);
  const FeatureCode features = feature_code(model);
  return fmt::format(
      header_text, arg("title", title_of(model)), arg("name", interface.name), arg("input_rows", interface.input_rows),
      arg("input_row_bytes", interface.input_row_bytes), arg("input_bytes", interface.input_bytes),
      arg("output_bytes", interface.output_bytes), arg("output_count", interface.output_count),
      arg("label_count", label_count(model)), arg("input_type", input_type(model)),
      arg("output_type", c_type(out.dtype)), arg("outputs", output_declarations(model)),
      arg("input_shape", shapes_text(model, model.inputs)), arg("output_shape", shapes_text(model, model.outputs)),
      arg("input_scale", real_text(scale_of(in))), arg("output_scale", real_text(scale_of(out))),
      arg("input_zero_point", zero_point_of(in)), arg("output_zero_point", zero_point_of(out)),
      arg("arena_bytes", interface.arena_bytes),
      arg("kept", interface.kept_bytes == 0
                      ? ""
                      : fmt::format("\n  alignas(4) int8_t kept[{}];  // from one inference to the next",
                                    interface.kept_bytes)),
      arg("reset_declaration", reset_declaration(interface)), arg("row_type", row_counter_type(model, plan)),
      arg("run_type", run_counter_type(model, plan)), arg("counters", layer_numbers(model).size() + 1),
      arg("feature_includes", includes(features.headers)), arg("feature_macros", macro_line(interface)),
      arg("begin", entry::begin), arg("feed_row", entry::feed_row), arg("invoke", entry::invoke),
      arg("feature_enums", features.enums), arg("feature_state", features.state),
      arg("feature_declarations", features.declarations), arg("best_label", best_label_code(model)));
}

static constexpr const char* entry_text = R"(DRAGONET_NAMED void {begin}(Model& model) {{
  model.run = 0;
  model.rows_taken = 0;
  memset(model.next_row, 0, sizeof(model.next_row));
}}

DRAGONET_NAMED bool {feed_row}(Model& model, const Input* row) {{
  if (model.run == runs) {begin}(model);  // until then the output stays
  take_row(model, row);
  if (++model.rows_taken < schedule[model.run].rows) return false;
  model.rows_taken = 0;
  for (++model.run; model.run < runs && schedule[model.run].layer != 0; ++model.run)
    for (int i = schedule[model.run].rows; i > 0; --i) make_row(model, schedule[model.run].layer);
  return model.run == runs;
}}

void {invoke}(Model& model, const Input* input) {{
  {begin}(model);
  for (bool is_ready = false; !is_ready;) {{
    const uint32_t bytes = next_row_bytes(model);
    is_ready = {feed_row}(model, input);
    input += bytes / sizeof(Input);
  }}
}}

)";

static std::string emit_reset(const std::vector<Emitted>& nodes) {
  if (kept_places(nodes).bytes == 0) return "";
  return fmt::format("void {}(Model& model) {{ memset(model.kept, 0, sizeof(model.kept)); }}\n\n", entry::reset);
}

static std::string emit_entries(const Model& model, const std::vector<Emitted>& nodes, const RowGraph& graph,
                                const MemoryPlan& plan) {
  return emit_take_row(model, plan) + emit_reset(nodes) +
         fmt::format(entry_text, fmt::arg("begin", entry::begin), fmt::arg("feed_row", entry::feed_row),
                     fmt::arg("invoke", entry::invoke)) +
         emit_next_row_bytes(model) + emit_outputs(model, graph, plan) + feature_code(model).definitions;
}

static std::string emit_labels(const Model& model) {
  const std::vector<std::string> labels = info_of(model).labels;
  const bool has_scores = !measures_distance(info_of(model).task);
  const std::string declared = label_count(model);
  const std::size_t scores = declared == "1" ? 1 : element_count(output_of(model).shape);
  const std::size_t count = has_scores ? scores : labels.size();
  std::string text = fmt::format("const char* const labels[{}] = {{", declared);
  for (std::size_t i = 0; i < count; ++i) text += (i ? ", " : "") + (i < labels.size() ? quoted(labels[i]) : "\"\"");
  return text + "};\n";
}

std::set<std::string> used_headers(const Model& model, const std::vector<Emitted>& nodes) {
  std::set<std::string> headers;
  for (const Emitted& node : nodes)
    if (!node.header.empty()) headers.insert("kernels/" + node.header);
  headers.merge(feature_code(model).headers);
  return headers;
}

std::string emit_source(const Model& model, const std::vector<Emitted>& nodes, const RowGraph& graph,
                        const MemoryPlan& plan) {
  std::string text = fmt::format("#include \"{}.h\"\n\n#include <string.h>\n\n", model.name);
  for (const std::string& header : used_headers(model, nodes)) text += fmt::format("#include \"{}\"\n", header);
  text +=
      "\n// Stays a function of its own, so that profiles, faults and stack depths can name it.\n"
      "#define DRAGONET_NAMED __attribute__((noinline))\n\n";
  text += fmt::format("namespace {} {{\n\n", model.name);
  text += fmt::format("const char model_hash[] = {};\n{}\n", quoted(info_of(model).model_hash), emit_labels(model));
  text += emit_layers(model, nodes, graph, plan) + emit_schedule(model, plan) + emit_entries(model, nodes, graph, plan);
  return text + fmt::format("\n}}  // namespace {}\n", model.name);
}

}  // namespace dragonet
