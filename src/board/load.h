#pragma once

#include <vector>

#include "board/build.h"

namespace dragonet {

/// How busy a chip is that listens, as shares of real time.
struct Load {
  double features = 0, model = 0;
  bool keeps_up() const { return features + model <= 1; }
  /// The factor by which inferences would have to be rarer for the chip to keep up.
  double too_often() const;
};

/// The counts of one inference, from those of `inferences` together; the features' counts stay.
Counts of_one_inference(Counts counts, std::size_t inferences);

///   counts   of one inference, and of the features of `seconds`
///   heard    of a recording at `rate_hz`; of one answer alone nothing is known of how often they come
Load load_of(const Counts& counts, const std::vector<Heard>& heard, double seconds, double rate_hz, const Board& board);

}  // namespace dragonet
