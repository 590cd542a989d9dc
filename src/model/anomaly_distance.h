#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "features/anomaly_score.h"
#include "model/model.h"

namespace dragonet {

/// A sample whose anomaly score is above it is an anomaly. The threshold has an entry of its own in the model's
/// metadata; 0 where there is none.
double anomaly_threshold(const Model& model);
void set_anomaly_threshold(Model& model, double threshold);

/// Outputs that stand for what is normal, [centres][values of the output], in the output's reals. A model with centres
/// measures how far its output is from the nearest: the score is the mean squared difference from that. Of a model
/// without centres it is the mean squared difference of its output and its input. In the metadata, too.
using Centres = std::vector<std::vector<float>>;
Centres anomaly_centres(const Model& model);
void set_anomaly_centres(Model& model, const Centres& centres);
inline constexpr std::size_t most_centres = 8;

/// What is wrong with the metadata of an anomaly's model, for a sentence; empty: nothing. Metadata are anybody's, and
/// scores read as many values as they say.
std::string centres_fault(const Model& model);

/// The model's centres, read from its metadata once for the scores of many samples.
struct ReadCentres {
  Centres reals;                      // empty: it has none
  std::vector<std::int16_t> on_chip;  // of an int8 model, as centres_on_chip
};
ReadCentres read_centres(const Model& model);

/// The score of a float model's output. `given` is its input.
double anomaly_score(const ReadCentres& centres, std::span<const float> given, std::span<const float> output);

/// The score of an int8 model's output, summed as the chip sums it, so that both decide alike.
double anomaly_score(const Model& model, const ReadCentres& centres, std::span<const std::int8_t> given,
                     std::span<const std::int8_t> output);

/// What a chip needs to tell anomalies with this int8 model: of one without centres the first, of others the second,
/// with centres_on_chip as its centres.
GivenBackRules given_back_rules(const Model& model);
CentreRules centre_rules(const Model& model, const std::vector<std::int16_t>& centres);
std::vector<std::int16_t> centres_on_chip(const Model& model);

}  // namespace dragonet
