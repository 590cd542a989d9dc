#include "compile/memory_plan.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "ops/operator.h"

namespace dragonet {

static constexpr std::size_t alignment = 4;
static constexpr std::size_t most_placements = 20'000'000;  // pairs of blocks looked at: well under a second

static std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

/// For each tensor, the one whose place it shares: itself, or what an in-place operator made it from.
static std::vector<int> alias_roots(const Model& model) {
  std::vector<int> root(model.tensors.size());
  for (std::size_t t = 0; t < root.size(); ++t) root[t] = static_cast<int>(t);
  for (const Node& node : model.nodes)
    if (find_operator(node.op)->in_place) root[node.outputs[0]] = root[node.inputs[0]];
  return root;
}

static void extend(std::map<int, Block>& blocks, const Model& model, int tensor, int step) {
  auto [found, is_new] = blocks.try_emplace(tensor, Block{.tensor = tensor, .first = step, .last = step});
  Block& block = found->second;
  block.bytes = std::max(block.bytes, aligned(model.tensors[tensor].bytes()));
  block.last = step;
}

static std::vector<Block> live_blocks(const Model& model, const std::vector<int>& root,
                                      const std::vector<std::size_t>& scratch_bytes) {
  std::map<int, Block> tensors;
  const int end = static_cast<int>(model.nodes.size());
  for (const int t : model.inputs) extend(tensors, model, t, -1);
  for (const Node& node : model.nodes) {
    for (const int t : node.inputs)
      if (t >= 0 && !model.tensors[t].is_constant()) extend(tensors, model, root[t], node.index);
    for (const int t : node.outputs) extend(tensors, model, root[t], node.index);
  }
  for (const int t : model.outputs) extend(tensors, model, root[t], end);  // it must outlive the last step
  std::vector<Block> blocks;
  for (const auto& [tensor, block] : tensors) blocks.push_back(block);
  for (const Node& node : model.nodes)
    if (const std::size_t bytes = scratch_bytes[node.index])
      blocks.push_back({.node = node.index, .bytes = aligned(bytes), .first = node.index, .last = node.index});
  return blocks;
}

static bool overlap_in_time(const Block& a, const Block& b) { return a.first <= b.last && b.first <= a.last; }

/// The lowest offset at which `block` meets none of those placed that live while it does. `placed` is sorted by offset.
static std::size_t first_fit(const Block& block, const std::vector<Block>& placed) {
  std::size_t offset = 0;
  for (const Block& other : placed)
    if (overlap_in_time(block, other) && offset + block.bytes > other.offset)
      offset = std::max(offset, other.offset + other.bytes);
  return offset;
}

static std::vector<Block> place(const std::vector<Block>& in_order) {
  std::vector<Block> placed;
  for (Block block : in_order) {
    block.offset = first_fit(block, placed);
    placed.insert(std::ranges::upper_bound(placed, block.offset, {}, &Block::offset), block);
  }
  return placed;
}

static std::size_t end_of(const std::vector<Block>& placed) {
  std::size_t end = 0;
  for (const Block& block : placed) end = std::max(end, block.offset + block.bytes);
  return end;
}

/// First fit depends on the order in which blocks are placed: the largest first is good, and exchanging two of them,
/// when that makes the arena no larger, finds better ones. Deterministic; ends when nothing can be better.
static std::vector<Block> place_well(std::vector<Block> blocks, std::size_t lower_bound) {
  std::ranges::stable_sort(blocks, std::greater{}, &Block::bytes);
  std::vector<Block> best = place(blocks);
  std::mt19937 random(1);
  const std::size_t tries = most_placements / (blocks.size() * blocks.size() + 1);
  for (std::size_t i = 0; i < tries && end_of(best) > lower_bound; ++i) {
    std::vector<Block> order = blocks;
    std::swap(order[random() % order.size()], order[random() % order.size()]);
    std::vector<Block> placed = place(order);
    if (end_of(placed) > end_of(best)) continue;
    best = std::move(placed);
    blocks = std::move(order);
  }
  return best;
}

static std::vector<std::size_t> alive_at(const std::vector<Block>& blocks, int step) {
  std::vector<std::size_t> alive;
  for (const Block& block : blocks)
    if (block.first <= step && step <= block.last) alive.push_back(block.bytes);
  std::ranges::sort(alive, std::greater{});
  return alive;
}

static std::size_t sum(const std::vector<std::size_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0});
}

static Peak peak_of(const std::vector<Block>& blocks) {
  Peak peak;
  for (const Block& block : blocks)  // more can only be alive where something begins
    if (auto alive = alive_at(blocks, block.first); sum(alive) > sum(peak.bytes))
      peak = {block.first, std::move(alive)};
  return peak;
}

Peak peak_of(const MemoryPlan& plan) { return peak_of(plan.blocks); }

MemoryPlan plan_memory(const Model& model, const std::vector<std::size_t>& scratch_bytes) {
  const std::vector<int> root = alias_roots(model);
  MemoryPlan plan;
  const std::vector<Block> blocks = live_blocks(model, root, scratch_bytes);
  plan.lower_bound = sum(peak_of(blocks).bytes);
  plan.blocks = place_well(blocks, plan.lower_bound);
  plan.bytes = end_of(plan.blocks);
  plan.offsets.resize(model.tensors.size());
  plan.scratch.resize(model.nodes.size());
  for (const Block& block : plan.blocks) {
    if (block.node >= 0)
      plan.scratch[block.node] = block.offset;
    else
      plan.offsets[block.tensor] = block.offset;
  }
  for (std::size_t t = 0; t < root.size(); ++t) plan.offsets[t] = plan.offsets[root[t]];
  return plan;
}

}  // namespace dragonet
