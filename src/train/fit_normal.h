#pragma once

#include <vector>

#include "model/anomaly_distance.h"
#include "model/network.h"
#include "train/train.h"

namespace dragonet {

/// What follows from the training samples without gradients.
struct Fitted {
  std::vector<TrainedLayer> layers;  // for export_model
  Centres centres;                   // of what is normal, among the outputs
  Epoch epoch;  // number 1; losses and errors: mean scores of the training and, if any, validation samples
};

/// A mixture of up to eight normal distributions with one covariance, over what the network's pools measure. Whitened
/// by that covariance, the squared distance from the nearest centre is Mahalanobis' (1936, "On the generalised distance
/// in statistics"). The covariance is shrunk as Chen, Wiesel, Eldar and Hero (2010, arXiv:0907.4698) do for few
/// samples.
///   network  expanded, of layers that is_fitted allows
Fitted fit(const Network& network, const TrainData& data);

}  // namespace dragonet
