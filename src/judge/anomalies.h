#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "judge/metrics.h"

namespace dragonet {

/// A sample's anomaly score.
struct ScoredSample {
  double score = 0;      // mean squared difference of the model's output and input
  double variation = 0;  // variance of the input: the score of an output that is always the input's mean
  bool is_anomaly = false;
  std::string group;
};

/// The variance of a model's input.
double variation_of(std::span<const float> given);

/// The same with scores as multiples of the threshold, so that those of several models can be put together.
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

/// Intervals over groups (interval.h). AUC is a mean over anomalies of the share of what is normal that each beats, and
/// as well a mean over normals, so that it varies as both do (DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44;
/// with groups: Obuchowski 1997, Biometrics 53).
///   scored  at least one of what is normal
AnomalyMetrics anomaly_metrics_of(std::span<const ScoredSample> scored, double threshold);

/// The area under the receiver operating characteristic, as Mann and Whitney's U counts it (Hanley and McNeil 1982,
/// Radiology 143). None where one of the two kinds is missing.
std::optional<double> auc_of(std::span<const ScoredSample> scored);

/// The least score that so large a share of the scores does not exceed. Of at least one.
double quantile_of(std::vector<double> scores, double share);

}  // namespace dragonet
