#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judge/metrics.h"

namespace dragonet {

/// How odd a model finds a sample.
struct ScoredSample {
  double score = 0;      // mean squared difference of what it gives and what it was given
  double variation = 0;  // variance of what it was given: the score of always giving its mean
  bool is_anomaly = false;
  std::string group;
};

/// The mean squared difference of what a model was given and what it gave back, in the same units.
double anomaly_score(std::span<const float> given, std::span<const float> given_back);

/// The variance of what a model was given.
double variation_of(std::span<const float> given);

/// With scores as multiples of the threshold, so that those of several models can be put together.
std::vector<ScoredSample> in_thresholds(std::vector<ScoredSample> scored, double threshold);

/// How well anomalies are told from what is normal.
struct AnomalyMetrics {
  int groups = 0, normals = 0, anomalies = 0;
  double threshold = 0;            // scores above it are taken for anomalies
  Interval false_alarms;           // of what is normal, the share that is taken for anomalies
  std::optional<Interval> recall;  // of the anomalies, the share that is found; none where there are none
  std::optional<Interval> auc;     // the chance that an anomaly scores higher than what is normal; a tie counts half
  double explained = 0;            // of the normals' variation, the share that the model gives back
};

/// Intervals as score_of makes them (metrics.h).
///   scored  at least one of what is normal
AnomalyMetrics anomaly_metrics_of(std::span<const ScoredSample> scored, double threshold, std::uint64_t seed = 1,
                                  int resamples = 2000);

/// The area under the receiver operating characteristic, as Mann and Whitney's U counts it (Hanley and McNeil 1982,
/// Radiology 143). None where one of the two kinds is missing.
std::optional<double> auc_of(std::span<const ScoredSample> scored);

/// The least score that so large a share of the scores does not exceed. Of at least one.
double quantile_of(std::vector<double> scores, double share);

}  // namespace dragonet
