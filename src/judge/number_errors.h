#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judge/metrics.h"

namespace dragonet {

/// A regression's answer to one sample: numbers, in the targets' units.
struct Estimate {
  std::vector<float> truth, predicted;
  std::string group;
};

/// How far its numbers are off.
struct NumberScore {
  struct Output {
    Interval mae, rmse;            // mean absolute error, root mean squared error; in the target's unit
    std::optional<Interval> r2;    // the share of the truth's variance that is explained; none where all are the same
    Interval mean_mae, mean_rmse;  // of always answering the mean of these truths: what any model has to be better than
    std::string name = {};         // what the number is called
  };
  int groups = 0, samples = 0;
  std::vector<Output> outputs;
};

/// Intervals over groups (interval.h). That of R² is of the share which is not explained.
///   estimates  at least one, each of as many numbers
NumberScore number_score_of(std::span<const Estimate> estimates);

/// The mean R² of those outputs that have one, which rates a model by one number.
double mean_r2(const NumberScore& score);

}  // namespace dragonet
