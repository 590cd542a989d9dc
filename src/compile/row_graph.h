#pragma once

#include <cstddef>
#include <vector>

#include "ops/operator.h"

namespace dragonet {

/// Rows `first` to `last`, both included, of a stored tensor.
struct RowRead {
  int tensor, first, last;
};

/// A model as the planner sees it: what each step of each node reads and writes, in rows. A node makes one row of its
/// output in a step, or, where it accumulates, takes one row of its input.
struct RowGraph {
  /// A computed tensor as it lies in the arena: rows, each in a place of its own, or one whole.
  struct Stored {
    int rows = 0;
    std::size_t row_bytes = 0;
    bool whole = false;  // its rows must lie one behind the other
    bool is_output = false;
    int producer = -1;               // node; -1: it is the model's input
    std::vector<int> last_reader{};  // per row, a node; -1: none
    int last_reader_of_all = -1;     // the largest of those
    std::size_t bytes() const { return row_bytes * rows; }
  };
  struct Work {
    int steps = 0;  // 0: nothing runs
    bool accumulates = false;
    bool elementwise = false;  // output row y may lie where input row y lay
    std::size_t scratch_bytes = 0, state_bytes = 0;
    std::vector<std::vector<RowRead>> reads;  // per step
    std::vector<RowRead> waits{};             // per step, or none: rows that must have been made, though it reads none
    std::vector<int> writes;                  // stored tensors
  };
  std::vector<int> root;       // per tensor of the model: the stored tensor whose bytes it has
  std::vector<Stored> stored;  // per tensor of the model; only roots that are computed count, others have no rows
  std::vector<Work> work;      // per node
  std::vector<int> inputs;     // stored tensors that arrive from outside, row by row, one after another
};

bool is_input(const RowGraph& graph, int tensor);

/// Fills last_reader from what the nodes' steps read.
void note_last_readers(RowGraph& graph);

RowGraph row_graph(const Model& model, const std::vector<Emitted>& nodes);

}  // namespace dragonet
