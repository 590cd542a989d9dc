#pragma once

#include <cstddef>
#include <vector>

namespace dragonet {

/// A stretch of the arena that something occupies from one step to another, both included.
struct Block {
  int tensor = -1;  // a stored tensor, or -1: a node's scratch or state
  int node = -1;    // whose scratch or state; of a tensor the node that makes it, or -1 for an input
  int row = -1;     // of the tensor, or the step of the scratch; -1: the whole tensor, or the state
  std::size_t bytes = 0;
  int first = 0, last = 0;
  std::size_t offset = 0;
};

/// Offsets such that no two blocks that live in one step share a byte, every block aligned to 4; the arena is as small
/// as the best of many orders of first fit makes it. Deterministic. `bytes` must be multiples of 4.
std::vector<Block> place_blocks(std::vector<Block> blocks);

std::size_t end_of(const std::vector<Block>& placed);

/// The step in which most is alive, and how much: no placement does better.
struct Peak {
  int step = 0;
  std::size_t bytes = 0;
};
Peak peak_of(const std::vector<Block>& blocks);

}  // namespace dragonet
