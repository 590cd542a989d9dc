#pragma once

#include "compile/lifetimes.h"
#include "compile/placement.h"
#include "compile/schedule.h"

namespace dragonet {

/// What a plan is best at.
///   ram       the least RAM
///   balanced  the fewest steps among plans within a tenth of that
///   speed     layer by layer, every tensor whole
enum class Optimize { ram, balanced, speed };
const char* name_of(Optimize optimize);

struct PlannedBand {
  Band band;
  Order order = Order::eager;
  std::size_t peak_bytes = 0;  // alive at once while it runs
  int steps = 0;
};

/// The order in which rows are made, and where each lies.
struct MemoryPlan {
  std::vector<PlannedBand> bands;
  std::vector<Step> steps;
  std::vector<Block> blocks;
  std::vector<std::vector<std::size_t>> places;   // per tensor of the model and row; one entry where it lies whole
  std::vector<std::vector<std::size_t>> scratch;  // per node and step
  std::vector<std::size_t> state;                 // per node
  std::vector<std::size_t> alone_bytes;           // per node: alive at once if it were a band of its own
  std::size_t bytes = 0;                          // of the arena
  Peak peak;                                      // of these steps: no placement takes less
};

/// In an arena above 256 KB all tensors lie whole: tables of places could not reach its end. So they do where the
/// tables would be larger than any chip's flash is worth, at 100 000 rows.
MemoryPlan plan_memory(const RowGraph& graph, Optimize optimize);

/// What is alive at the plan's peak: stored tensors and nodes with their bytes, the largest first.
struct Share {
  int tensor = -1, node = -1;
  std::size_t bytes = 0;
};
std::vector<Share> shares_of_peak(const MemoryPlan& plan);

}  // namespace dragonet
