// Graphs of rows made at random, for the planner's tests: only rows, bytes and who reads whom.
#pragma once

#include "compile/row_graph.h"
#include "ops/op_test.h"

namespace dragonet::testing {

/// Kernels of 1 to 3 rows with strides 1 and 2, some of them joining an earlier tensor of as many rows.
class RandomGraphs {
 public:
  explicit RandomGraphs(unsigned seed) : random_(seed) {}
  RandomModels& random() { return random_; }

  RowGraph graph(int most_nodes, int most_rows) {
    RowGraph graph{.inputs = {0}};
    add_stored(graph, random_.pick(1, most_rows), -1);
    for (int node = 0, nodes = random_.pick(1, most_nodes); node < nodes; ++node) add_node(graph, node);
    graph.stored.back().is_output = graph.stored.back().whole = true;
    for (int t = 0; t < static_cast<int>(graph.stored.size()); ++t) graph.root.push_back(t);
    note_last_readers(graph);
    return graph;
  }

 private:
  void add_stored(RowGraph& graph, int rows, int producer) {
    graph.stored.push_back({.rows = rows,
                            .row_bytes = static_cast<std::size_t>(random_.pick(1, 20)),
                            .whole = random_.one_in(6),
                            .producer = producer});
  }

  void read(RowGraph& graph, int node, int tensor, int kernel, int stride) {
    const RowGraph::Stored& in = graph.stored[tensor];
    for (int y = 0; y < graph.work[node].steps; ++y) {
      const int first = std::min(y * stride, in.rows - 1);
      graph.work[node].reads[y].push_back({tensor, first, std::min(first + kernel - 1, in.rows - 1)});
    }
  }

  void add_node(RowGraph& graph, int node) {
    const int in = node;  // node n makes tensor n + 1
    const int kernel = random_.pick(1, 3), stride = random_.pick(1, 2);
    const int rows = (graph.stored[in].rows + stride - 1) / stride;
    add_stored(graph, rows, node);
    RowGraph::Work& work = graph.work.emplace_back(RowGraph::Work{.steps = rows, .writes = {node + 1}});
    work.reads.resize(rows);
    if (random_.one_in(3)) work.scratch_bytes = random_.pick(1, 20);
    read(graph, node, in, kernel, stride);
    const int other = random_.pick(0, in);
    const bool joins = random_.one_in(3) && graph.stored[other].rows >= rows;
    if (joins) read(graph, node, other, 1, 1);
    work.elementwise = kernel == 1 && stride == 1;
  }

  RandomModels random_;
};

}  // namespace dragonet::testing
