#include "compile/lifetimes.h"

#include <algorithm>

namespace dragonet {
namespace {

constexpr std::size_t alignment = 4;

std::size_t aligned(std::size_t bytes) { return (bytes + alignment - 1) / alignment * alignment; }

struct Life {
  int first = -1, last = -1;  // steps; -1: never
};

class Builder {
 public:
  Builder(const RowGraph& graph, Band band, const std::vector<Step>& steps)
      : graph_(graph), band_(band), steps_(steps), end_(static_cast<int>(steps.size())) {
    lives_.resize(graph.stored.size());
    for (int t = 0; t < static_cast<int>(lives_.size()); ++t)
      if (can_be_alive(t)) tensors_.push_back(t), lives_[t].resize(graph.stored[t].rows);
    for (int s = 0; s < end_; ++s) follow(steps[s], s);
    for (const int t : tensors_) look_beyond_the_band(t);
  }

  Lifetimes build() && {
    result_.block_of.resize(lives_.size());
    for (const int t : tensors_) result_.block_of[t].assign(lives_[t].size(), -1);
    for (const int t : tensors_)
      if (graph_.stored[t].whole) add_whole(t);
    for (const int t : tensors_)
      if (!graph_.stored[t].whole) add_rows_from_before(t);
    for (int s = 0; s < end_; ++s) add_step(s);
    return std::move(result_);
  }

 private:
  /// Made before the band ends, and not read for the last time before it begins. Bands are many, and most tensors of a
  /// large model have nothing to do with most of them.
  bool can_be_alive(int t) const {
    const RowGraph::Stored& stored = graph_.stored[t];
    if (stored.producer >= band_.last || (stored.producer < 0 && !is_input(graph_, t))) return false;
    return is_made_in(graph_, band_, t) || stored.is_output || stored.last_reader_of_all >= band_.first;
  }

  template <typename Use>
  void for_rows_made(const Step& step, Use use) const {
    if (step.node < 0) return use(graph_.inputs[-1 - step.node], step.y);
    const RowGraph::Work& work = graph_.work[step.node];
    for (const int t : work.writes) {
      if (!work.accumulates)
        use(t, step.y);
      else if (step.y + 1 == work.steps)
        for (int row = 0; row < graph_.stored[t].rows; ++row) use(t, row);
    }
  }

  void follow(const Step& step, int s) {
    for_rows_made(step, [&](int t, int row) { lives_[t][row] = {s, s}; });
    if (step.node < 0) return;
    for (const RowRead& read : graph_.work[step.node].reads[step.y])
      for (int row = read.first; row <= read.last; ++row) {
        Life& life = lives_[read.tensor][row];
        life = {life.last < 0 ? 0 : life.first, s};
      }
  }

  void look_beyond_the_band(int t) {
    const RowGraph::Stored& stored = graph_.stored[t];
    for (int row = 0; row < stored.rows; ++row)
      if (Life& life = lives_[t][row]; stored.is_output || stored.last_reader[row] >= band_.last)
        life = {life.last < 0 ? 0 : life.first, end_};
  }

  int add_block(Block block) {
    block.bytes = aligned(block.bytes);
    result_.blocks.push_back(block);
    return static_cast<int>(result_.blocks.size()) - 1;
  }

  void add_whole(int t) {
    Block block{
        .tensor = t, .node = graph_.stored[t].producer, .bytes = graph_.stored[t].bytes(), .first = end_, .last = -1};
    for (const Life& life : lives_[t])
      if (life.last >= 0) block.first = std::min(block.first, life.first), block.last = std::max(block.last, life.last);
    if (block.last >= 0) std::ranges::fill(result_.block_of[t], add_block(block));
  }

  void add_row(int t, int row) {
    const Life life = lives_[t][row];
    result_.block_of[t][row] = add_block({.tensor = t,
                                          .node = graph_.stored[t].producer,
                                          .row = row,
                                          .bytes = graph_.stored[t].row_bytes,
                                          .first = life.first,
                                          .last = life.last});
  }

  void add_rows_from_before(int t) {
    if (is_made_in(graph_, band_, t)) return;
    for (int row = 0; row < graph_.stored[t].rows; ++row)
      if (lives_[t][row].last >= 0) add_row(t, row);
  }

  /// The block of a row that the step reads for the last time and may write over; -1 if there is none.
  int block_to_reuse(const Step& step, int s, std::size_t row_bytes) const {
    if (step.node < 0 || !graph_.work[step.node].elementwise) return -1;
    for (const RowRead& read : graph_.work[step.node].reads[step.y]) {
      const RowGraph::Stored& in = graph_.stored[read.tensor];
      if (!in.whole && in.row_bytes == row_bytes && lives_[read.tensor][read.first].last == s)
        return result_.block_of[read.tensor][read.first];
    }
    return -1;
  }

  void add_made_row(const Step& step, int s, int t, int row) {
    if (graph_.stored[t].whole) return;
    const int reused = block_to_reuse(step, s, graph_.stored[t].row_bytes);
    if (reused < 0) return add_row(t, row);
    result_.block_of[t][row] = reused;
    result_.blocks[reused].last = lives_[t][row].last;
  }

  void add_step(int s) {
    const Step& step = steps_[s];
    for_rows_made(step, [&](int t, int row) { add_made_row(step, s, t, row); });
    if (step.node < 0) return;
    const RowGraph::Work& work = graph_.work[step.node];
    if (work.scratch_bytes > 0)
      add_block({.node = step.node, .row = step.y, .bytes = work.scratch_bytes, .first = s, .last = s});
    if (work.state_bytes > 0 && step.y == 0)
      add_block({.node = step.node, .bytes = work.state_bytes, .first = s, .last = last_step_of(step.node)});
  }

  int last_step_of(int node) const {
    const auto found = std::ranges::find(steps_, Step{node, graph_.work[node].steps - 1});
    return static_cast<int>(found - steps_.begin());
  }

  const RowGraph& graph_;
  const Band band_;
  const std::vector<Step>& steps_;
  const int end_;
  std::vector<int> tensors_;              // those that can be alive in the band
  std::vector<std::vector<Life>> lives_;  // per stored tensor and row; of the others none
  Lifetimes result_;
};

}  // namespace

Lifetimes lifetimes(const RowGraph& graph, Band band, const std::vector<Step>& steps) {
  return Builder(graph, band, steps).build();
}

}  // namespace dragonet
