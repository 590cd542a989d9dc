#include "train/number_loss.h"

namespace dragonet {

/// Of targets [samples, outputs]; 1 where all are the same.
TargetScales scales_of(const Regression&, const TrainingRows& training) {
  const at::Tensor targets = training.rows.targets(training.train), mean = targets.mean({0});
  const at::Tensor deviation = (targets - mean).square().mean({0}).sqrt();
  return {.deviation = at::where(deviation > 0, deviation, at::ones_like(deviation)), .mean = mean};
}

at::Tensor truth_of(const Regression&, const TargetScales& scales, const ComparedRows& compared) {
  return (compared.rows.targets(compared.indices) - scales.mean) / scales.deviation;
}

/// A target that is far off would pull with all its distance squared (Huber 1964): sensors have such outliers.
at::Tensor loss_of(const Regression&, const TargetScales&, const at::Tensor& answers, const at::Tensor& truth, double) {
  return at::huber_loss(answers, truth);
}

double error_of(const Regression&, const TargetScales& scales, const at::Tensor& answers, const at::Tensor& truth) {
  return ((answers - truth).abs() * scales.deviation).mean().item<double>();
}

}  // namespace dragonet
