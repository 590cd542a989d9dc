#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <utility>

#include "base/error.h"
#include "ops/check.h"
#include "ops/operator.h"
#include "tflite/c_array.h"
#include "tflite/known_forms.h"
#include "tflite/options.h"
#include "tflite/tflite.h"
#include "tflite/types.h"

namespace dragonet {

static constexpr std::int64_t largest_tensor_bytes = std::int64_t{1} << 28;
static constexpr std::int64_t all_tensors_bytes = std::int64_t{1} << 30;
static constexpr std::size_t least_data_bound = std::size_t{1} << 27;
static constexpr std::size_t most_copied_bytes = std::size_t{1} << 26;
static constexpr std::size_t most_problems = 100;  // a hostile file has millions
static constexpr std::uint32_t format_version = 3;
static constexpr int most_dimensions = 6;

/// Reads a verified flatbuffer into a Model and collects everything that is wrong with its contents.
class Reader {
 public:
  Reader(const tflite::Model& file, std::size_t file_bytes, const std::string& source)
      : file_(file), most_data_bytes_(std::max(4 * file_bytes, least_data_bound)) {
    model_.source = source;
  }
  FileGraphs read();

 private:
  void refuse(const std::string& where, const std::string& what, const std::string& next = broken_file);
  void check_subgraphs();
  FileGraph read_graph(int index);
  void check_edges();
  void read_initializers(FileGraphs& graphs);
  void note_unknown_operators();
  [[noreturn]] void stop() const;
  void stop_if_refused() const {
    if (!problems_.empty()) stop();
  }
  void take(std::size_t bytes);
  void note_used(const tflite::SubGraph& graph);
  void note_handles(const tflite::SubGraph& graph);
  bool reads_variables() const;
  void read_tensors(const tflite::SubGraph& graph);
  void read_tensor(const tflite::Tensor& tensor, int index);
  void read_shape(const tflite::Tensor& tensor, Tensor& out, const std::string& where, bool is_used);
  void read_quantization(const tflite::Tensor& tensor, Tensor& out, const std::string& where);
  void read_constant(const tflite::Tensor& tensor, Tensor& out, const std::string& where);
  void check_pruned(const Tensor& tensor, const std::string& where);
  std::vector<int> read_indices(const flatbuffers::Vector<std::int32_t>* indices, bool optional,
                                const std::string& where);
  void refuse_inner(const std::vector<int>& indices, const std::string& where);
  void refuse_repeated(const std::vector<int>& indices, const std::string& where);
  void read_zero_points(const tflite::Tensor& tensor, Tensor& out, const std::string& where);
  void read_attributes(const tflite::Operator& node, Node& out, const std::string& where);
  void read_nodes(const tflite::SubGraph& graph);
  void read_node(const tflite::Operator& node, int index);
  void check_order();
  void read_metadata();
  const flatbuffers::Vector<std::uint8_t>* buffer(std::uint32_t index) const;

  static constexpr const char* broken_file = "the file is damaged or hostile: export or download it again";
  const tflite::Model& file_;
  const std::size_t most_data_bytes_;  // in proportion to the file
  std::size_t data_bytes_ = 0;         // of constants so far
  int graph_index_ = 0;
  Model model_;             // of the graph that is read
  std::set<int> used_;      // its tensors that something reads or makes
  std::int64_t bytes_ = 0;  // of the tensors so far
  std::size_t copied_ = 0;  // from the file into the model, but for the tensors' data
  std::vector<Problem> problems_;
  std::vector<Problem> unknown_;   // operators, each once
  std::vector<bool> is_free_;      // per tensor: the file leaves a side of its shape open
  std::map<int, Handle> handles_;  // tensors that stand for variables
};

void Reader::refuse(const std::string& where, const std::string& what, const std::string& next) {
  const std::string graph = graph_index_ == 0 ? "" : fmt::format("subgraph {}, ", graph_index_);
  problems_.push_back({fmt::format("{}, {}{}", model_.source, graph, where), what, next});
  if (problems_.size() == most_problems) stop();
}

/// What cannot run at all is told before what is wrong with the rest.
void Reader::stop() const {
  std::vector<Problem> all = unknown_;
  all.insert(all.end(), problems_.begin(), problems_.end());
  if (all.size() > most_problems) all.resize(most_problems);
  throw Error(std::move(all));
}

/// Any number of offsets may point to one name or vector, so that a small file unfolds into more than memory holds.
void Reader::take(std::size_t bytes) {
  copied_ += bytes;
  if (copied_ > most_copied_bytes)
    throw Error({model_.source,
                 fmt::format("its names, shapes, scales, options and metadata come to more than {} MB",
                             most_copied_bytes >> 20),
                 broken_file});
}

/// A name from the file is printed in messages: it must not steer the terminal.
static std::string printable(const flatbuffers::String& text) {
  std::string name = text.str();
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 32 || c == 127) c = '_';
  return name;
}

template <typename T>
static std::size_t bytes_in(const flatbuffers::Vector<T>* elements) {
  return elements ? std::size_t{elements->size()} * sizeof(T) : 0;
}

const flatbuffers::Vector<std::uint8_t>* Reader::buffer(std::uint32_t index) const {
  const auto* buffers = file_.buffers();
  if (!buffers || index >= buffers->size()) return nullptr;
  return buffers->Get(index)->data();
}

/// What nothing reads or makes may be empty: an LSTM's intermediate values are, of which the file says only the scales.
void Reader::read_shape(const tflite::Tensor& tensor, Tensor& out, const std::string& where, bool is_used) {
  take(bytes_in(tensor.shape()));
  if (tensor.shape()) out.shape.assign(tensor.shape()->begin(), tensor.shape()->end());
  if (out.shape.size() > most_dimensions)
    refuse(where, fmt::format("has {} dimensions; at most {} are supported", out.shape.size(), most_dimensions),
           "reshape it to fewer");
  if (!is_used && std::ranges::find(out.shape, 0) != out.shape.end()) out.shape.clear();
  std::int64_t bytes = static_cast<std::int64_t>(size_of(out.dtype));
  for (const int side : out.shape) {
    if (side < 1)
      return refuse(where, fmt::format("has a side of {}", side), "export the model with a fixed batch and shape");
    bytes *= side;
    if (bytes > largest_tensor_bytes)
      return refuse(where, fmt::format("is larger than {} MB", largest_tensor_bytes >> 20),
                    "no microcontroller holds it");
  }
}

/// FlatBuffers' verifier lets 8-byte elements stand at any multiple of 4, and its own access then reads them
/// misaligned.
static std::int64_t zero_point_at(const tflite::QuantizationParameters& q, std::size_t i) {
  std::int64_t value;
  std::memcpy(&value, q.zero_point()->Data() + i * sizeof value, sizeof value);
  return flatbuffers::EndianScalar(value);
}

/// 0 is for channels that a converter has pruned: check_pruned holds their weights to it.
static bool is_scale(float scale) { return std::isfinite(scale) && scale >= 0; }

/// Values of one channel; biases, which a multiplier of 0 makes nothing of, may be anything.
static bool is_pruned(const Tensor& tensor, std::size_t channel) {
  if (!tensor.is_constant()) return false;
  if (tensor.dtype == DType::int32) return true;
  std::size_t inner = size_of(tensor.dtype), channels = tensor.quantization.scale.size();
  for (std::size_t d = tensor.quantization.axis + 1; d < tensor.shape.size() && channels > 1; ++d)
    inner *= static_cast<std::size_t>(tensor.shape[d]);
  for (std::size_t i = 0; i < tensor.data.size(); ++i)
    if ((channels == 1 || i / inner % channels == channel) && tensor.data[i] != 0) return false;
  return true;
}

void Reader::check_pruned(const Tensor& tensor, const std::string& where) {
  const std::vector<float>& scale = tensor.quantization.scale;
  for (std::size_t channel = 0; channel < scale.size(); ++channel)
    if (scale[channel] == 0 && !is_pruned(tensor, channel))
      return refuse(where, fmt::format("has the quantization scale 0 for channel {}, whose values are not 0", channel));
}

static std::pair<std::int64_t, std::int64_t> zero_point_range(DType dtype) {
  if (dtype == DType::int8) return {-128, 127};
  if (dtype == DType::uint8) return {0, 255};
  return {-32768, 32767};
}

void Reader::read_zero_points(const tflite::Tensor& tensor, Tensor& out, const std::string& where) {
  const auto& q = *tensor.quantization();
  out.quantization.zero_point.resize(q.scale()->size());
  if (!q.zero_point() || q.zero_point()->size() == 0) return;
  const bool is_one_for_all = q.zero_point()->size() == 1;  // as TensorFlow Lite Micro takes it
  if (!is_one_for_all && q.zero_point()->size() != q.scale()->size())
    return refuse(where, fmt::format("has {} scales and {} zero points", q.scale()->size(), q.zero_point()->size()));
  const auto [least, most] = zero_point_range(out.dtype);
  for (std::size_t i = 0; i < q.scale()->size(); ++i) {
    const std::int64_t zero_point = zero_point_at(q, is_one_for_all ? 0 : i);
    if (zero_point < least || zero_point > most)
      return refuse(where, fmt::format("has the zero point {}, outside its type", zero_point));
    out.quantization.zero_point[i] = static_cast<std::int32_t>(zero_point);
  }
}

void Reader::read_quantization(const tflite::Tensor& tensor, Tensor& out, const std::string& where) {
  const auto* q = tensor.quantization();
  if (q && q->details_type() != 0)
    return refuse(where, fmt::format("is quantized by a scheme of its own (details type {})", q->details_type()),
                  "export it with one scale per tensor or per channel");
  if (!q || !q->scale() || q->scale()->size() == 0) return;
  take(2 * bytes_in(q->scale()));
  out.quantization.scale.assign(q->scale()->begin(), q->scale()->end());
  // Older converters say of a bias the dimension of the weights that it belongs to.
  out.quantization.axis = out.shape.size() == 1 ? 0 : q->quantized_dimension();
  for (const float scale : out.quantization.scale)
    if (!is_scale(scale))
      return refuse(where, fmt::format("has the quantization scale {}; it must be positive", scale));
  read_zero_points(tensor, out, where);
  if (out.quantization.scale.size() == 1) return;
  const int axis = out.quantization.axis;
  if (axis < 0 || axis >= static_cast<int>(out.shape.size()) ||
      out.shape[axis] != static_cast<int>(out.quantization.scale.size()))
    refuse(where, fmt::format("has {} scales along dimension {} of {}", out.quantization.scale.size(), axis,
                              text_of(out.shape)));
}

void Reader::read_constant(const tflite::Tensor& tensor, Tensor& out, const std::string& where) {
  if (!file_.buffers() || tensor.buffer() >= file_.buffers()->size())
    return refuse(where, fmt::format("names buffer {}, which the file does not have", tensor.buffer()));
  if (file_.buffers()->Get(tensor.buffer())->offset() > 1)
    return refuse(where, "keeps its data behind the flatbuffer, as files over 2 GB do", "no microcontroller holds it");
  if (tensor.sparsity()) return refuse(where, "is sparse", "export it dense: sparse tensors are not supported");
  const auto* data = buffer(tensor.buffer());
  if (!data || data->size() == 0) return;
  if (data->size() != out.bytes())
    return refuse(where, fmt::format("needs {} bytes for {} {}, and its buffer holds {}", out.bytes(),
                                     name_of(out.dtype), text_of(out.shape), data->size()));
  data_bytes_ += data->size();
  if (data_bytes_ > most_data_bytes_)
    throw Error({model_.source,
                 fmt::format("its constants come to more than {} MB, since they share what the file holds",
                             most_data_bytes_ >> 20),
                 broken_file});
  out.data.assign(data->begin(), data->end());
}

static bool leaves_side_open(const tflite::Tensor& tensor) {
  return tensor.shape_signature() &&
         std::ranges::any_of(*tensor.shape_signature(), [](std::int32_t side) { return side < 0; });
}

void Reader::read_tensor(const tflite::Tensor& tensor, int index) {
  Tensor out;
  take(sizeof out + bytes_in(tensor.name()));
  out.name = tensor.name() ? printable(*tensor.name()) : fmt::format("tensor_{}", index);
  const std::string where = fmt::format("tensor {} ({})", index, out.name);
  is_free_.push_back(leaves_side_open(tensor));
  if (handles_.contains(index)) return model_.tensors.push_back(std::move(out));  // it only stands for a variable
  const auto dtype = from_tflite(tensor.type());
  if (!dtype)
    refuse(
        where,
        fmt::format("has the type {} ({})", static_cast<int>(tensor.type()),
                    *tflite::EnumNameTensorType(tensor.type()) ? tflite::EnumNameTensorType(tensor.type()) : "unknown"),
        tensor.type() == tflite::TensorType::RESOURCE ? "no VAR_HANDLE makes it: only resource variables are supported"
                                                      : "export it as int8 or float32");
  out.dtype = dtype.value_or(DType::uint8);
  out.is_variable = tensor.is_variable();
  const std::size_t before = problems_.size();
  read_shape(tensor, out, where, used_.contains(index));
  if (problems_.size() == before) {  // the rest is told in terms of the shape
    bytes_ += static_cast<std::int64_t>(out.bytes());
    read_quantization(tensor, out, where);
    if (bytes_ <= all_tensors_bytes)
      read_constant(tensor, out, where), check_pruned(out, where);  // a small file may name one buffer very often
  }
  model_.tensors.push_back(std::move(out));
}

void Reader::note_used(const tflite::SubGraph& graph) {
  const auto note = [&](const flatbuffers::Vector<std::int32_t>* indices) {
    if (indices) used_.insert(indices->begin(), indices->end());
  };
  note(graph.inputs());
  note(graph.outputs());
  if (!graph.operators()) return;
  for (const tflite::Operator* node : *graph.operators()) {
    note(node->inputs());
    note(node->outputs());
  }
}

/// Files from before 2020 hold the code in one byte only, later ones in both fields where it fits.
static std::string name_of_code(const tflite::OperatorCode& code) {
  const int builtin = std::max(static_cast<int>(code.deprecated_builtin_code()), static_cast<int>(code.builtin_code()));
  return code.custom_code() ? "custom operator " + printable(*code.custom_code()) : operator_name(builtin);
}

static std::string text_or_empty(const flatbuffers::String* text) { return text ? printable(*text) : ""; }

void Reader::note_handles(const tflite::SubGraph& graph) {
  const auto* codes = file_.operator_codes();
  if (!graph.operators() || !codes) return;
  for (const tflite::Operator* node : *graph.operators()) {
    const bool is_one =
        node->opcode_index() < codes->size() && name_of_code(*codes->Get(node->opcode_index())) == "var_handle";
    if (!is_one || !node->outputs() || node->outputs()->size() != 1) continue;
    Handle handle;
    if (const auto* options = node->builtin_options_as_VarHandleOptions()) {
      handle = {text_or_empty(options->container()), text_or_empty(options->shared_name())};
      take(handle.container.size() + handle.name.size());
    }
    handles_[node->outputs()->Get(0)] = handle;
  }
}

void Reader::read_tensors(const tflite::SubGraph& graph) {
  if (!graph.tensors()) return refuse("subgraph 0", "has no tensors");
  note_used(graph);
  note_handles(graph);
  for (std::uint32_t i = 0; i < graph.tensors()->size(); ++i)
    read_tensor(*graph.tensors()->Get(i), static_cast<int>(i));
  if (bytes_ > all_tensors_bytes)
    refuse("subgraph 0", fmt::format("its tensors take {} MB, more than {}", bytes_ >> 20, all_tensors_bytes >> 20),
           "no microcontroller holds it");
}

std::vector<int> Reader::read_indices(const flatbuffers::Vector<std::int32_t>* indices, bool optional,
                                      const std::string& where) {
  std::vector<int> result;
  take(bytes_in(indices));
  if (indices) result.assign(indices->begin(), indices->end());
  for (int& index : result)
    if (index < (optional ? -1 : 0) || index >= static_cast<int>(model_.tensors.size())) {
      refuse(where, fmt::format("names tensor {}, and there are {}", index, model_.tensors.size()));
      index = 0;  // refused: never used
    }
  return result;
}

void Reader::refuse_inner(const std::vector<int>& indices, const std::string& where) {
  for (const int t : indices)
    if (t < static_cast<int>(model_.tensors.size()) && model_.tensors[t].is_constant())
      refuse(where, fmt::format("tensor {} is a constant", t));
    else if (t < static_cast<int>(model_.tensors.size()) && model_.tensors[t].is_variable)
      refuse(where, fmt::format("tensor {} is a variable", t));
}

void Reader::refuse_repeated(const std::vector<int>& indices, const std::string& where) {
  std::set<int> seen;
  for (const int t : indices)
    if (!seen.insert(t).second) refuse(where, fmt::format("names tensor {} twice", t));
}

/// Only the operator's own: those of another would be read where their names happen to agree.
void Reader::read_attributes(const tflite::Operator& node, Node& out, const std::string& where) {
  const std::string brought = tflite::EnumNameBuiltinOptions(node.builtin_options_type());
  if (!node.builtin_options() || brought.empty() || brought == "NONE" || brought == "VarHandleOptions") return;
  const Operator* op = find_operator(out.op);
  if (op && !*op->options) return;
  if (op && brought != op->options)
    return refuse(where, fmt::format("brings {}, and its options are {}", brought, op->options));
  out.attributes = read_options(brought, *static_cast<const flatbuffers::Table*>(node.builtin_options()));
  for (const auto& [name, value] : out.attributes)
    if (const auto* elements = std::get_if<std::vector<std::int64_t>>(&value))
      take(elements->size() * sizeof(std::int64_t));
}

/// Of all graphs, however little of them can be read.
void Reader::note_unknown_operators() {
  if (!file_.subgraphs() || !file_.operator_codes()) return;
  std::map<std::uint32_t, int> nodes;  // by operator code
  for (const tflite::SubGraph* graph : *file_.subgraphs())
    for (std::uint32_t i = 0; graph->operators() && i < graph->operators()->size(); ++i)
      ++nodes[graph->operators()->Get(i)->opcode_index()];
  for (const auto& [index, count] : nodes) {
    if (index >= file_.operator_codes()->size() || unknown_.size() == most_problems) continue;
    const tflite::OperatorCode& code = *file_.operator_codes()->Get(index);
    take(bytes_in(code.custom_code()));
    const std::string name = name_of_code(code);
    if (find_operator(name) || is_folded(name) || is_of_variables(name)) continue;
    unknown_.push_back(
        unknown_operator(fmt::format("{}, {} node{}", model_.source, count, count == 1 ? "" : "s"), name));
  }
}

void Reader::read_node(const tflite::Operator& node, int index) {
  const auto* codes = file_.operator_codes();
  if (!codes || node.opcode_index() >= codes->size())
    return refuse(fmt::format("node {}", index),
                  fmt::format("names operator code {}, which the file does not have", node.opcode_index()));
  const tflite::OperatorCode& code = *codes->Get(node.opcode_index());
  Node out;
  take(sizeof out + bytes_in(code.custom_code()));
  out.op = name_of_code(code);
  out.index = index;
  const std::string where = fmt::format("node {} ({})", index, out.op);
  out.inputs = read_indices(node.inputs(), true, where);
  out.outputs = read_indices(node.outputs(), false, where);
  if (out.outputs.empty() && !is_of_variables(out.op)) refuse(where, "has no output");
  read_attributes(node, out, where);
  if (node.intermediates() && node.intermediates()->size() > 0) {
    const std::vector<int> intermediates = read_indices(node.intermediates(), false, where);
    out.attributes["intermediates"] = std::vector<std::int64_t>(intermediates.begin(), intermediates.end());
  }
  model_.nodes.push_back(std::move(out));
}

void Reader::read_nodes(const tflite::SubGraph& graph) {
  if (!graph.operators()) return refuse("subgraph 0", "has no operators");
  for (std::uint32_t i = 0; i < graph.operators()->size(); ++i)
    read_node(*graph.operators()->Get(i), static_cast<int>(i));
}

/// Every value is made once, before it is used: no cycles, no reads of what was never written.
void Reader::check_order() {
  std::set<int> made(model_.inputs.begin(), model_.inputs.end());
  for (int t = 0; t < static_cast<int>(model_.tensors.size()); ++t)
    if (model_.tensors[t].is_constant() || model_.tensors[t].is_variable) made.insert(t);
  for (const Node& node : model_.nodes) {
    const std::string where = fmt::format("node {} ({})", node.index, node.op);
    for (const int t : node.inputs)
      if (t >= 0 && !made.contains(t)) refuse(where, fmt::format("uses tensor {} before anything has made it", t));
    for (const int t : node.outputs)
      if (!made.insert(t).second) refuse(where, fmt::format("makes tensor {}, which exists already", t));
  }
  for (const int t : model_.outputs)
    if (!made.contains(t)) refuse("outputs", fmt::format("tensor {} is never made", t));
}

void Reader::read_metadata() {
  if (!file_.metadata()) return;
  for (const tflite::Metadata* entry : *file_.metadata())
    if (const auto* data = buffer(entry->buffer()); data && entry->name()) {
      take(bytes_in(data) + bytes_in(entry->name()));
      model_.metadata[entry->name()->str()] = std::string(data->begin(), data->end());
    }
}

void Reader::check_subgraphs() {
  const std::size_t count = file_.subgraphs() ? file_.subgraphs()->size() : 0;
  if (count == 0 || (count > 1 && !reads_variables()))
    refuse("subgraphs", fmt::format("there are {}; one is supported", count),
           "export the inference graph alone, without control flow or training signatures");
}

/// Then other graphs may say how they begin.
bool Reader::reads_variables() const {
  const auto* codes = file_.operator_codes();
  return codes && std::ranges::any_of(*codes, [](const auto* code) { return name_of_code(*code) == "var_handle"; });
}

void Reader::check_edges() {
  if (model_.inputs.empty() || model_.outputs.empty()) refuse("subgraph 0", "has no input or no output");
  refuse_repeated(model_.inputs, "inputs");
  refuse_inner(model_.inputs, "inputs");
  refuse_inner(model_.outputs, "outputs");
}

FileGraph Reader::read_graph(int index) {
  graph_index_ = index;
  model_ = {.source = model_.source};
  used_.clear(), is_free_.clear(), handles_.clear();
  const tflite::SubGraph& graph = *file_.subgraphs()->Get(static_cast<std::uint32_t>(index));
  read_tensors(graph);
  stop_if_refused();
  model_.inputs = read_indices(graph.inputs(), false, "inputs");
  model_.outputs = read_indices(graph.outputs(), false, "outputs");
  if (index == 0) check_edges();
  read_nodes(graph);
  check_order();
  stop_if_refused();
  FileGraph read{.model = model_, .is_free = is_free_, .handles = handles_};
  return read;
}

/// What the main graph calls once, before the first inference.
void Reader::read_initializers(FileGraphs& graphs) {
  const int count = static_cast<int>(file_.subgraphs()->size());
  std::set<int> called;
  for (const Node& node : graphs.main.model.nodes) {
    if (node.op != "call_once") continue;
    const std::int64_t index = node.integer("init_subgraph_index");
    if (index < 1 || index >= count)
      refuse(fmt::format("node {} (call_once)", node.index),
             fmt::format("calls subgraph {}, and there are {}", index, count));
    else
      called.insert(static_cast<int>(index));
  }
  stop_if_refused();
  for (const int index : called) graphs.initializers.push_back(read_graph(index));
  if (const int left = count - 1 - static_cast<int>(called.size()); left > 0)
    graphs.main.model.remarks.push_back(
        fmt::format("{} of its {} subgraphs {} left out: the first is the model, and it does not call {}", left, count,
                    left == 1 ? "is" : "are", left == 1 ? "that one" : "those"));
}

FileGraphs Reader::read() {
  note_unknown_operators();
  if (file_.version() != format_version)
    refuse("version", fmt::format("is {}; {} is supported", file_.version(), format_version),
           "export it with a current converter");
  check_subgraphs();
  stop_if_refused();
  FileGraphs graphs{.main = read_graph(0)};
  model_.source = graphs.main.model.source;
  read_metadata();
  graphs.main.model.metadata = std::move(model_.metadata);
  read_initializers(graphs);
  return graphs;
}

static Model in_known_forms(FileGraphs graphs) {
  Model model = with_variables(graphs);
  model = with_halves_widened(std::move(model));
  model = with_float_weights(std::move(model));
  model = with_int8_for_uint8(std::move(model));
  model = with_shapes_folded(std::move(model),
                             graphs.main.is_free);  // after those: it asks operators, which know no other forms
  return with_short_names(std::move(model));
}

Model parse_tflite(std::span<const std::uint8_t> file, const std::string& source) {
  constexpr const char* next = "give a .tflite file; a Keras .h5 or SavedModel must be converted first";
  if (file.size() < 8 || !tflite::ModelBufferHasIdentifier(file.data()))
    throw Error({source, "is not a .tflite file (its bytes 4 to 7 are not TFL3)", next});
  if (file.size() >= FLATBUFFERS_MAX_BUFFER_SIZE)  // the verifier would abort
    throw Error({source, "is larger than 2 GB, which a flatbuffer cannot be", "no microcontroller holds it"});
  flatbuffers::Verifier verifier(file.data(), file.size(), 64, 1'000'000);
  if (!tflite::VerifyModelBuffer(verifier))
    throw Error({source, "is damaged: an offset in it points outside the file", "export or download it again"});
  Reader reader(*tflite::GetModel(file.data()), file.size(), source);
  Model model = without_unused_tensors(in_known_forms(reader.read()));
  const auto is_known = [](const Node& node) { return find_operator(node.op) != nullptr; };
  if (!std::ranges::all_of(model.nodes, is_known)) model.remarks.clear();  // what cannot run is all there is to say
  return model;
}

Model read_tflite(const fs::path& path) {
  Bytes file = read_bytes(path);
  if (looks_like_c(file))
    file = bytes_of_c_array({reinterpret_cast<const char*>(file.data()), file.size()}, path.string());
  Model model = parse_tflite(file, path.string());
  model.name = identifier_of(path.stem().string());  // "my model-3.tflite" -> "my_model_3"
  return model;
}

}  // namespace dragonet
