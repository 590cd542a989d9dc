#include "train/anomaly_loss.h"

namespace dragonet {

TargetScales scales_of(const Anomaly&, const TrainingRows&) { return {}; }

at::Tensor truth_of(const Anomaly&, const TargetScales&, const ComparedRows& compared) { return flat(compared.inputs); }

at::Tensor loss_of(const Anomaly&, const TargetScales&, const at::Tensor& answers, const at::Tensor& truth, double) {
  return at::mse_loss(flat(answers), truth);
}

double error_of(const Anomaly&, const TargetScales&, const at::Tensor& answers, const at::Tensor& truth) {
  return (flat(answers) - truth).abs().mean().item<double>();
}

}  // namespace dragonet
