#pragma once

#include "model/model.h"

namespace dragonet {

/// Above it a sample's score, the mean squared difference of an anomaly model's output and input, is an anomaly's. In
/// an entry of its own of the model's metadata; 0 where it has none.
double anomaly_threshold(const Model& model);
void set_anomaly_threshold(Model& model, double threshold);

}  // namespace dragonet
