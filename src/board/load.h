#pragma once

#include <vector>

#include "board/build.h"

namespace dragonet {

/// How busy a chip is that listens, as shares of real time.
struct Load {
  double features = 0, model = 0;
  bool keeps_up() const { return features + model <= 1; }
  /// Were inferences so many times rarer, it would.
  double too_often() const;
};

/// Counts of `inferences` that took so much together, as those of one; features as they are.
Counts of_one_inference(Counts counts, std::size_t inferences);

///   counts   of one inference, and of the features of `seconds`
///   heard    of a recording at `rate_hz`; of one answer alone nothing is known of how often they come
Load load_of(const Counts& counts, const std::vector<Heard>& heard, double seconds, double rate_hz, const Board& board);

}  // namespace dragonet
