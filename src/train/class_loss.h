#pragma once

#include "data/classification.h"
#include "train/target_scales.h"

namespace dragonet {

/// Cross-entropy, every class weighed, of scores [samples, classes] and labels [samples], int64.
TargetScales scales_of(const Classification& task, const TrainingRows& training);
at::Tensor truth_of(const Classification& task, const TargetScales& scales, const ComparedRows& compared);
at::Tensor loss_of(const Classification& task, const TargetScales& scales, const at::Tensor& answers,
                   const at::Tensor& truth, double label_smoothing);

/// 0: labels are counted right or wrong.
double error_of(const Classification& task, const TargetScales& scales, const at::Tensor& answers,
                const at::Tensor& truth);

}  // namespace dragonet
