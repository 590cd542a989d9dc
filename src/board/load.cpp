#include "board/load.h"

#include <algorithm>

namespace dragonet {

static Count share_of(const Count& count, std::uint64_t n) {
  return {count.instructions / n, count.cycles / n, count.wait_cycles / n};
}

static double seconds_of(const Count& count, const Board& board) {
  return static_cast<double>(count.all_cycles()) / board.clock_hz;
}

double Load::too_often() const {
  constexpr double least_left = 0.01;  // if features alone take all of the time, no number helps
  return model / std::max(1 - features, least_left);
}

Counts of_one_inference(Counts counts, std::size_t inferences) {
  if (inferences < 2) return counts;
  counts.inference = share_of(counts.inference, inferences);
  for (LayerCount& layer : counts.layers) layer.count = share_of(layer.count, inferences);
  return counts;
}

Load load_of(const Counts& counts, const std::vector<Heard>& heard, double seconds, double rate_hz,
             const Board& board) {
  Load load{.features = seconds_of(counts.features, board) / seconds};
  if (heard.size() > 1)
    load.model = seconds_of(counts.inference, board) * rate_hz / (heard[1].readings - heard[0].readings);
  return load;
}

}  // namespace dragonet
