#pragma once

#include "data/regression.h"
#include "train/target_scales.h"

namespace dragonet {

/// How far off numbers [samples, outputs] are; each is trained in its targets' own scale.
TargetScales scales_of(const Regression& task, const TrainingRows& training);
at::Tensor truth_of(const Regression& task, const TargetScales& scales, const ComparedRows& compared);
at::Tensor loss_of(const Regression& task, const TargetScales& scales, const at::Tensor& answers,
                   const at::Tensor& truth, double label_smoothing);

/// The mean absolute error, in the targets' units.
double error_of(const Regression& task, const TargetScales& scales, const at::Tensor& answers, const at::Tensor& truth);

}  // namespace dragonet
