#pragma once

#include <cstddef>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// A stretch of the arena that something occupies from one step to another, both included.
struct Block {
  int tensor = -1;  // or -1: a layer's scratch
  int node = -1;    // whose scratch
  std::size_t bytes = 0;
  int first = 0, last = 0;  // steps: node indices; -1 is before the first, when the input arrives
  std::size_t offset = 0;
};

/// Where every computed tensor lies, layer by layer: each whole, from the node that makes it to the last that reads it.
struct MemoryPlan {
  std::vector<Block> blocks;
  std::vector<std::size_t> offsets;  // per tensor of the model; of its alias where it shares one's place
  std::vector<std::size_t> scratch;  // per node
  std::size_t bytes = 0;             // of the arena
  std::size_t lower_bound = 0;       // the most that is alive in one step: no order of places does better
};

/// First fit, every block aligned to 4, in the best of many orders; the largest first, as TensorFlow Lite Micro's
/// planner has it, is where the search begins. `scratch_bytes`: per node.
MemoryPlan plan_memory(const Model& model, const std::vector<std::size_t>& scratch_bytes);

/// The step at which most is alive, and the sizes of what is, the largest first.
struct Peak {
  int step = 0;
  std::vector<std::size_t> bytes;
};
Peak peak_of(const MemoryPlan& plan);

}  // namespace dragonet
