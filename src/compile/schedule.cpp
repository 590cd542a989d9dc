#include "compile/schedule.h"

#include <algorithm>

namespace dragonet {
namespace {

/// How far each node and each tensor of a band has come.
class Progress {
 public:
  Progress(const RowGraph& graph, Band band) : graph_(graph), band_(band), next_(graph.work.size()) {
    made_.resize(graph.stored.size());
    for (std::size_t t = 0; t < made_.size(); ++t)
      if (!is_made_in(graph, band, static_cast<int>(t))) made_[t] = graph.stored[t].rows;
  }

  bool is_done(int node) const { return next_[node] == graph_.work[node].steps; }

  /// The first read of the node's next step whose rows are not all there; null if it can run.
  const RowRead* missing(int node) const {
    const RowGraph::Work& work = graph_.work[node];
    for (const RowRead& read : work.reads[next_[node]])
      if (is_missing(read)) return &read;
    return !work.waits.empty() && is_missing(work.waits[next_[node]]) ? &work.waits[next_[node]] : nullptr;
  }

  void run(int node) {
    const RowGraph::Work& work = graph_.work[node];
    steps_.push_back({node, next_[node]++});
    for (const int t : work.writes)
      if (!work.accumulates || is_done(node)) made_[t] = work.accumulates ? graph_.stored[t].rows : next_[node];
  }

  bool has_input_left() const { return takes_inputs() && next_input() < graph_.inputs.size(); }
  void take_input() {
    const std::size_t i = next_input();
    steps_.push_back({-1 - static_cast<int>(i), made_[graph_.inputs[i]]++});
  }
  std::vector<Step> steps() && { return std::move(steps_); }

 private:
  bool takes_inputs() const { return band_.first == 0; }
  bool is_missing(const RowRead& read) const { return made_[read.tensor] <= read.last; }
  /// The first input that is not all there.
  std::size_t next_input() const {
    std::size_t i = 0;
    while (i < graph_.inputs.size() && made_[graph_.inputs[i]] == graph_.stored[graph_.inputs[i]].rows) ++i;
    return i;
  }

  const RowGraph& graph_;
  Band band_;
  std::vector<int> next_, made_;  // per node: its next step; per stored tensor: rows made
  std::vector<Step> steps_;
};

/// The deepest node of the band that can run; -1 if none can.
int deepest_ready(const Progress& progress, Band band) {
  for (int node = band.last - 1; node >= band.first; --node)
    if (!progress.is_done(node) && !progress.missing(node)) return node;
  return -1;
}

void run_eagerly(Progress& progress, Band band) {
  for (;;) {
    const int node = deepest_ready(progress, band);
    if (node >= 0)
      progress.run(node);
    else if (progress.has_input_left())
      progress.take_input();
    else
      return;
  }
}

/// Makes the node's next row, and before it whatever that waits for.
void pull(Progress& progress, const RowGraph& graph, int node) {
  while (const RowRead* read = progress.missing(node)) {
    if (const int producer = graph.stored[read->tensor].producer; producer >= 0)
      pull(progress, graph, producer);
    else
      progress.take_input();
  }
  progress.run(node);
}

void run_lazily(Progress& progress, const RowGraph& graph, Band band) {
  for (int node = band.last - 1; node >= band.first; --node)
    while (!progress.is_done(node)) pull(progress, graph, node);
  while (progress.has_input_left()) progress.take_input();
}

}  // namespace

bool is_made_in(const RowGraph& graph, Band band, int tensor) {
  if (is_input(graph, tensor)) return band.first == 0;
  const int producer = graph.stored[tensor].producer;
  return producer >= band.first && producer < band.last;
}

std::vector<Step> schedule(const RowGraph& graph, Band band, Order order) {
  Progress progress(graph, band);
  if (progress.has_input_left()) progress.take_input();  // that begins an inference, also where a node needs no input
  if (order == Order::eager)
    run_eagerly(progress, band);
  else
    run_lazily(progress, graph, band);
  return std::move(progress).steps();
}

}  // namespace dragonet
