#pragma once

#include "compile/placement.h"
#include "compile/schedule.h"

namespace dragonet {

/// What is alive in which of a band's steps: every row from the step that makes it to the last that reads it, or to the
/// end where a later band or the caller does; whole tensors from their first row to their last.
struct Lifetimes {
  std::vector<Block> blocks;
  /// Per stored tensor and row, its block; -1 where it is not alive, and no rows at all where that is plain from the
  /// start. Rows share a block where a node works in place.
  std::vector<std::vector<int>> block_of;
};

Lifetimes lifetimes(const RowGraph& graph, Band band, const std::vector<Step>& steps);

}  // namespace dragonet
