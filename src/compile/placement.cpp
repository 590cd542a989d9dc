#include "compile/placement.h"

#include <algorithm>
#include <random>

namespace dragonet {

static constexpr std::size_t most_looks = 60'000'000;  // at pairs of blocks: about a quarter of a second

static bool overlap_in_time(const Block& a, const Block& b) { return a.first <= b.last && b.first <= a.last; }

/// The lowest offset at which `block` meets none of those placed that live while it does. `placed` is sorted by offset.
static std::size_t first_fit(const Block& block, const std::vector<Block>& placed) {
  std::size_t offset = 0;
  for (const Block& other : placed) {
    if (other.offset >= offset + block.bytes) break;
    if (overlap_in_time(block, other)) offset = std::max(offset, other.offset + other.bytes);
  }
  return offset;
}

static std::vector<Block> place_in_order(const std::vector<Block>& in_order) {
  std::vector<Block> placed;
  for (Block block : in_order) {
    block.offset = first_fit(block, placed);
    placed.insert(std::ranges::upper_bound(placed, block.offset, {}, &Block::offset), block);
  }
  return placed;
}

/// The same for blocks in the order in which they begin, where what has ended meets nothing any more.
static std::vector<Block> place_by_birth(const std::vector<Block>& by_birth) {
  std::vector<Block> living, ended;
  for (Block block : by_birth) {
    const auto is_over = [&](const Block& other) { return other.last < block.first; };
    std::ranges::copy_if(living, std::back_inserter(ended), is_over);
    std::erase_if(living, is_over);
    block.offset = first_fit(block, living);
    living.insert(std::ranges::upper_bound(living, block.offset, {}, &Block::offset), block);
  }
  ended.insert(ended.end(), living.begin(), living.end());
  return ended;
}

std::size_t end_of(const std::vector<Block>& placed) {
  std::size_t end = 0;
  for (const Block& block : placed) end = std::max(end, block.offset + block.bytes);
  return end;
}

Peak peak_of(const std::vector<Block>& blocks) {
  int last = 0;
  for (const Block& block : blocks) last = std::max(last, block.last);
  std::vector<std::ptrdiff_t> change(last + 2);  // of what is alive, per step
  for (const Block& block : blocks) {
    change[block.first] += static_cast<std::ptrdiff_t>(block.bytes);
    change[block.last + 1] -= static_cast<std::ptrdiff_t>(block.bytes);
  }
  Peak peak;
  std::ptrdiff_t alive = 0;
  for (int step = 0; step <= last; ++step)
    if (alive += change[step]; alive > static_cast<std::ptrdiff_t>(peak.bytes))
      peak = {step, static_cast<std::size_t>(alive)};
  return peak;
}

/// Exchanges two blocks of the order where that makes the arena no larger, until nothing can be better or time is up.
static std::vector<Block> improve(std::vector<Block> order, std::vector<Block> best, std::size_t lower_bound) {
  std::mt19937 random(1);
  for (std::size_t i = most_looks / (order.size() * order.size() + 1); i > 0 && end_of(best) > lower_bound; --i) {
    std::vector<Block> other = order;
    std::swap(other[random() % other.size()], other[random() % other.size()]);
    std::vector<Block> placed = place_in_order(other);
    if (end_of(placed) > end_of(best)) continue;
    best = std::move(placed);
    order = std::move(other);
  }
  return best;
}

std::vector<Block> place_blocks(std::vector<Block> blocks) {
  const std::size_t lower_bound = peak_of(blocks).bytes;
  std::ranges::stable_sort(blocks, {}, &Block::first);
  std::vector<Block> order = blocks, best = place_by_birth(blocks);
  if (blocks.size() * blocks.size() > most_looks) return best;
  // Or those first that are hardest to place: the largest, as TensorFlow Lite Micro's planner has it, or those that
  // live longest, which then lie low and leave the rest in one piece.
  const auto try_order = [&](auto hardest) {
    std::vector<Block> sorted = blocks;
    std::ranges::stable_sort(sorted, std::greater{}, hardest);
    std::vector<Block> placed = place_in_order(sorted);
    if (end_of(placed) < end_of(best)) best = std::move(placed), order = std::move(sorted);
  };
  try_order(&Block::bytes);
  try_order([](const Block& block) { return block.last - block.first; });
  try_order([](const Block& block) { return (block.last - block.first) * block.bytes; });
  return improve(std::move(order), std::move(best), lower_bound);
}

}  // namespace dragonet
