#include "compile/row_graph.h"

#include <algorithm>
#include <map>

#include "ops/emit.h"

namespace dragonet {

// A table of places takes 2 bytes of flash a row; what is taller than this lies whole instead.
static constexpr int most_rows = 1024;

/// For each tensor, the one whose bytes it has: itself, or what an in-place operator made it from.
static std::vector<int> roots(const Model& model) {
  std::vector<int> root(model.tensors.size());
  for (std::size_t t = 0; t < root.size(); ++t) root[t] = static_cast<int>(t);
  for (const Node& node : model.nodes)
    if (find_operator(node.op)->in_place) root[node.outputs[0]] = root[node.inputs[0]];
  return root;
}

/// A reader that sees other rows than those that are stored needs them one behind the other.
static bool needs_whole(const Model& model, const Node& node, int tensor, const RowGraph::Stored& stored) {
  const Operator& op = *find_operator(node.op);
  const bool takes_any = op.any_rows && op.any_rows(model, node);
  return !op.in_place && !takes_any && rows_of(model.tensors[tensor]).bytes != stored.row_bytes;
}

static void note_wholes(const Model& model, RowGraph& graph) {
  for (const Node& node : model.nodes)
    for (const int t : node.inputs)
      if (is_computed(model, t)) {
        RowGraph::Stored& stored = graph.stored[graph.root[t]];
        stored.whole |= needs_whole(model, node, t, stored);
      }
}

static RowGraph::Stored stored_from(const Tensor& tensor, int producer) {
  const RowShape rows = rows_of(tensor);
  return {.rows = rows.count, .row_bytes = rows.bytes, .whole = rows.count > most_rows, .producer = producer};
}

static void note_stored(const Model& model, RowGraph& graph) {
  graph.stored.resize(model.tensors.size());
  for (const int t : model.inputs) graph.stored[t] = stored_from(model.tensors[t], -1);
  for (const Node& node : model.nodes)
    for (const int t : node.outputs)
      if (graph.root[t] == t) graph.stored[t] = stored_from(model.tensors[t], node.index);
  for (const int t : model.outputs) graph.stored[graph.root[t]].is_output = graph.stored[graph.root[t]].whole = true;
  note_wholes(model, graph);
}

/// What a step reads of one input, in rows of the stored tensor, which may be cut otherwise than the input's own.
static RowRead stored_rows(const Tensor& input, int root, const RowGraph::Stored& stored, Rows rows) {
  const auto [count, bytes] = rows_of(input);
  const int first = std::clamp(rows.first, 0, count - 1);
  const int last = std::clamp(rows.first + rows.count - 1, first, count - 1);
  return {root, static_cast<int>(first * bytes / stored.row_bytes),
          static_cast<int>(((last + 1) * bytes - 1) / stored.row_bytes)};
}

/// Sums are of the first input; what else the file brings has other rows. A step that needs no rows, of padding alone,
/// waits for one all the same: a schedule begins with the input.
static std::vector<RowRead> reads_of(const Model& model, const Node& node, const RowGraph& graph, int step,
                                     bool accumulates) {
  std::vector<RowRead> reads, waits;
  for (int i = 0; i < static_cast<int>(node.inputs.size()); ++i) {
    const int t = node.inputs[i];
    if (!is_computed(model, t) || (accumulates && i > 0)) continue;
    const int root = graph.root[t];
    const Rows rows = accumulates ? Rows{step, 1} : find_operator(node.op)->rows(model, node, i, step);
    const RowRead read =
        accumulates ? RowRead{root, step, step} : stored_rows(model.tensors[t], root, graph.stored[root], rows);
    (rows.count > 0 ? reads : waits).push_back(read);
  }
  return reads.empty() ? waits : reads;
}

/// Sums are worth it where they are less than the rows that they stand for.
static bool is_worth_accumulating(const Node& node, const RowGraph& graph, const Emitted& code) {
  if (code.accumulate.empty()) return false;
  const RowGraph::Stored& in = graph.stored[graph.root[node.inputs[0]]];
  return in.rows > 1 && code.state_bytes < in.bytes();
}

static RowGraph::Work work_of(const Model& model, const Node& node, const RowGraph& graph, const Emitted& code) {
  const Operator& op = *find_operator(node.op);
  RowGraph::Work work{.elementwise = op.elementwise, .scratch_bytes = code.scratch_bytes};
  if (op.in_place) return work;
  work.accumulates = is_worth_accumulating(node, graph, code);
  if (work.accumulates) work.scratch_bytes = 0, work.state_bytes = code.state_bytes;
  work.writes = node.outputs;
  work.steps = graph.stored[work.accumulates ? graph.root[node.inputs[0]] : node.outputs[0]].rows;
  for (int step = 0; step < work.steps; ++step)
    work.reads.push_back(reads_of(model, node, graph, step, work.accumulates));
  return work;
}

/// Nodes that share a variable go through its rows in the nodes' order.
static void note_waits(const Model& model, const std::vector<Emitted>& nodes, RowGraph& graph) {
  std::map<int, int> before;  // by variable: the node that has it before
  for (const Node& node : model.nodes) {
    const int variable = nodes[node.index].variable;
    if (variable < 0) continue;
    if (const auto found = before.find(variable); found != before.end()) {
      const int made = model.nodes[found->second].outputs[0];
      for (int step = 0; step < graph.work[node.index].steps; ++step)
        graph.work[node.index].waits.push_back(stored_rows(model.output(node), made, graph.stored[made], {step, 1}));
    }
    before[variable] = node.index;
  }
}

bool is_input(const RowGraph& graph, int tensor) {
  return std::ranges::find(graph.inputs, tensor) != graph.inputs.end();
}

void note_last_readers(RowGraph& graph) {
  for (RowGraph::Stored& stored : graph.stored) {
    stored.last_reader.assign(stored.rows, -1);
    stored.last_reader_of_all = -1;
  }
  for (std::size_t node = 0; node < graph.work.size(); ++node)
    for (const std::vector<RowRead>& reads : graph.work[node].reads)
      for (const RowRead& read : reads) {
        RowGraph::Stored& stored = graph.stored[read.tensor];
        stored.last_reader_of_all = static_cast<int>(node);  // nodes come in their order
        for (int row = read.first; row <= read.last; ++row) stored.last_reader[row] = static_cast<int>(node);
      }
}

RowGraph row_graph(const Model& model, const std::vector<Emitted>& nodes) {
  RowGraph graph{.root = roots(model), .inputs = model.inputs};
  note_stored(model, graph);
  for (const Node& node : model.nodes) graph.work.push_back(work_of(model, node, graph, nodes[node.index]));
  note_waits(model, nodes, graph);
  note_last_readers(graph);
  return graph;
}

}  // namespace dragonet
