#pragma once

#include "data/anomaly.h"
#include "train/target_scales.h"

namespace dragonet {

/// How badly the network gives back its input: answers [samples, channels, height, width] or [samples, values].
TargetScales scales_of(const Anomaly& task, const TrainingRows& training);
at::Tensor truth_of(const Anomaly& task, const TargetScales& scales, const ComparedRows& compared);
at::Tensor loss_of(const Anomaly& task, const TargetScales& scales, const at::Tensor& answers, const at::Tensor& truth,
                   double label_smoothing);

/// The mean absolute error, in the features' units.
double error_of(const Anomaly& task, const TargetScales& scales, const at::Tensor& answers, const at::Tensor& truth);

}  // namespace dragonet
