#pragma once

#include <cstdint>
#include <span>

#include "features/anomaly_score.h"
#include "model/model.h"

namespace dragonet {

/// Above it a sample's score, the mean squared difference of an anomaly model's output and input, is an anomaly's. In
/// an entry of its own of the model's metadata; 0 where it has none.
double anomaly_threshold(const Model& model);
void set_anomaly_threshold(Model& model, double threshold);

/// How a chip tells anomalies with this int8 model.
AnomalyScoreRules anomaly_score_rules(const Model& model);

/// The score of an int8 model's output for its input, summed as the chip sums it, so that both draw the same line.
double anomaly_score(const Model& model, std::span<const std::int8_t> given, std::span<const std::int8_t> back);

}  // namespace dragonet
