// A network layer by layer needs its widest tensors whole. But a convolution needs only a few rows to make one, so
// within a band of nodes rows are made one at a time, each as soon as (or no sooner than) its consumers can use it, and
// given up after its last reader; nothing is computed twice. Fused-layer accelerators (Alwani et al. 2016) and
// patch-based inference (MCUNetV2, arXiv:2110.15352) stream like this; here every single row has a lifetime and a place
// of its own. Bands trade: a long one needs a few rows of many tensors, a short one all rows of a few. What a band
// needs depends on where it begins and ends and on nothing else, so the best cuts are found exactly, by dynamic
// programming.
#include "compile/memory_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace dragonet {
namespace {

// 2 000 nodes are planned in some seconds. What is larger gets shorter bands, not a longer wait.
constexpr double most_bands_tried = 40'000;
constexpr double most_steps_tried = 20'000'000;
constexpr std::size_t most_bytes_in_tables = 4 * UINT16_MAX;  // places are words of 4 bytes in 16 bits
constexpr int most_rows_in_tables = 100'000;                  // of 2 bytes each
constexpr auto no_limit = std::numeric_limits<std::size_t>::max();

PlannedBand plan_band(const RowGraph& graph, Band band, Order order) {
  const std::vector<Step> steps = schedule(graph, band, order);
  const Peak peak = peak_of(lifetimes(graph, band, steps).blocks);
  return {band, order, peak.bytes, static_cast<int>(steps.size())};
}

PlannedBand best_band(const RowGraph& graph, Band band) {
  const PlannedBand eager = plan_band(graph, band, Order::eager);
  if (band.last - band.first == 1) return eager;
  const PlannedBand lazy = plan_band(graph, band, Order::lazy);
  return lazy.peak_bytes < eager.peak_bytes ? lazy : eager;
}

/// Bands of 1 to n nodes that end at every node are n times the nodes, and n * n / 2 times their steps.
int longest_band(const RowGraph& graph, Optimize optimize) {
  if (optimize == Optimize::speed) return 1;
  double steps = 1;
  for (const RowGraph::Work& work : graph.work) steps += work.steps;
  const double by_number = most_bands_tried / static_cast<double>(graph.work.size());
  const double by_steps = std::sqrt(2 * most_steps_tried / steps);
  return std::max(2, static_cast<int>(std::min(by_number, by_steps)));
}

/// Every band there can be, up to a length that keeps their number in bounds: bands[last - 1] end at `last`.
using Bands = std::vector<std::vector<PlannedBand>>;

Bands all_bands(const RowGraph& graph, Optimize optimize) {
  const int nodes = static_cast<int>(graph.work.size()), longest = longest_band(graph, optimize);
  Bands bands(nodes);
  for (int last = 1; last <= nodes; ++last)
    for (int first = last - 1; first >= std::max(0, last - longest); --first)
      bands[last - 1].push_back(best_band(graph, {first, last}));
  return bands;
}

/// A sequence of bands up to some node, by its last one.
struct Cut {
  std::size_t peak_bytes = no_limit;
  std::int64_t interleaved_steps = 0;  // each costs a look into the schedule, and its rows a look into a table
  const PlannedBand* band = nullptr;
};

Cut extended(const Cut& before, const PlannedBand& band) {
  const bool interleaves = band.band.last - band.band.first > 1;
  return {std::max(before.peak_bytes, band.peak_bytes), before.interleaved_steps + (interleaves ? band.steps : 0),
          &band};
}

/// The best way to cut the nodes into bands of at most `limit` each: by peak, or, where that is bound, by steps.
std::vector<PlannedBand> cut(const Bands& bands, std::size_t limit, auto key) {
  std::vector<Cut> best(bands.size() + 1);
  best[0].peak_bytes = 0;
  for (std::size_t last = 1; last <= bands.size(); ++last)
    for (const PlannedBand& band : bands[last - 1]) {
      const Cut& before = best[band.band.first];
      if (band.peak_bytes > limit || before.peak_bytes == no_limit) continue;
      if (const Cut cut = extended(before, band); !best[last].band || key(cut) < key(best[last])) best[last] = cut;
    }
  std::vector<PlannedBand> chosen;
  for (std::size_t last = bands.size(); last > 0; last = chosen.back().band.first) chosen.push_back(*best[last].band);
  std::ranges::reverse(chosen);
  return chosen;
}

std::size_t peak_of(const std::vector<PlannedBand>& bands) {
  return std::ranges::max(bands, {}, &PlannedBand::peak_bytes).peak_bytes;
}

std::vector<PlannedBand> choose_bands(const Bands& bands, Optimize optimize) {
  const auto by_steps = [](const Cut& cut) { return std::pair(cut.interleaved_steps, cut.peak_bytes); };
  if (optimize == Optimize::speed) return cut(bands, no_limit, by_steps);
  const std::size_t least = peak_of(cut(bands, no_limit, [](const Cut& cut) { return cut.peak_bytes; }));
  return cut(bands, optimize == Optimize::ram ? least : least + least / 10, by_steps);
}

void note_places(const RowGraph& graph, const Lifetimes& alive, MemoryPlan& plan) {
  // Placing sorts the blocks, so they are found again by what they are.
  std::map<std::tuple<int, int, int>, std::size_t> offsets;
  const auto key = [](const Block& block) { return std::tuple(block.tensor, block.node, block.row); };
  for (const Block& block : plan.blocks) offsets[key(block)] = block.offset;
  const auto offset_of = [&](const Block& block) { return offsets.at(key(block)); };
  for (std::size_t t = 0; t < graph.root.size(); ++t) {
    const std::vector<int>& blocks = alive.block_of[graph.root[t]];
    std::vector<std::size_t>& places = plan.places.emplace_back();
    for (const int block : blocks) places.push_back(block < 0 ? 0 : offset_of(alive.blocks[block]));
    if (graph.stored[graph.root[t]].whole) places.resize(1);
  }
  for (std::size_t n = 0; n < graph.work.size(); ++n) {
    const RowGraph::Work& work = graph.work[n];
    const int node = static_cast<int>(n);
    std::vector<std::size_t>& scratch = plan.scratch.emplace_back();
    for (int step = 0; work.scratch_bytes > 0 && step < work.steps; ++step)
      scratch.push_back(offsets.at({-1, node, step}));
    plan.state.push_back(work.state_bytes > 0 ? offsets.at({-1, node, -1}) : 0);
  }
}

}  // namespace

const char* name_of(Optimize optimize) {
  constexpr const char* names[] = {"ram", "balanced", "speed"};
  return names[static_cast<int>(optimize)];
}

static MemoryPlan plan_rows(const RowGraph& graph, Optimize optimize) {
  const Bands bands = all_bands(graph, optimize);
  MemoryPlan plan{.bands = choose_bands(bands, optimize)};
  for (const std::vector<PlannedBand>& ending_here : bands) plan.alone_bytes.push_back(ending_here[0].peak_bytes);
  for (const PlannedBand& band : plan.bands) {
    const std::vector<Step> steps = schedule(graph, band.band, band.order);
    plan.steps.insert(plan.steps.end(), steps.begin(), steps.end());
  }
  const Lifetimes alive = lifetimes(graph, {0, static_cast<int>(graph.work.size())}, plan.steps);
  plan.blocks = place_blocks(alive.blocks);
  plan.peak = peak_of(plan.blocks);
  plan.bytes = end_of(plan.blocks);
  note_places(graph, alive, plan);
  return plan;
}

static bool needs_too_many_places(const RowGraph& graph) {
  std::int64_t rows = 0;
  for (const RowGraph::Stored& stored : graph.stored) rows += stored.whole ? 1 : stored.rows;
  return rows > most_rows_in_tables;
}

static RowGraph all_whole(RowGraph graph) {
  for (RowGraph::Stored& stored : graph.stored) stored.whole = true;
  return graph;
}

MemoryPlan plan_memory(const RowGraph& graph, Optimize optimize) {
  if (needs_too_many_places(graph)) return plan_rows(all_whole(graph), optimize);
  MemoryPlan plan = plan_rows(graph, optimize);
  return plan.bytes <= most_bytes_in_tables ? plan : plan_rows(all_whole(graph), optimize);
}

std::vector<Share> shares_of_peak(const MemoryPlan& plan) {
  std::map<std::pair<int, int>, std::size_t> bytes;
  for (const Block& block : plan.blocks)
    if (block.first <= plan.peak.step && plan.peak.step <= block.last) bytes[{block.tensor, block.node}] += block.bytes;
  std::vector<Share> shares;
  for (const auto& [what, sum] : bytes) shares.push_back({what.first, what.second, sum});
  std::ranges::stable_sort(shares, std::greater{}, &Share::bytes);
  return shares;
}

}  // namespace dragonet
