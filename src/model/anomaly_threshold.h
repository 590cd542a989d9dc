#pragma once

#include <cstdint>
#include <span>

#include "features/anomaly_score.h"
#include "model/model.h"

namespace dragonet {

/// A sample whose anomaly score is above it is an anomaly. The score is the mean squared difference of the model's
/// output and input. The threshold has an entry of its own in the model's metadata; 0 where there is none.
double anomaly_threshold(const Model& model);
void set_anomaly_threshold(Model& model, double threshold);

/// What a chip needs to tell anomalies with this int8 model.
AnomalyScoreRules anomaly_score_rules(const Model& model);

/// The score of an int8 model's output for its input, summed as the chip sums it, so that both decide alike.
double anomaly_score(const Model& model, std::span<const std::int8_t> given, std::span<const std::int8_t> back);

}  // namespace dragonet
