#include "train/class_loss.h"

namespace dragonet {

/// The reciprocal of each class's share, so that each weighs the same however many samples it has.
static at::Tensor class_weights(const at::Tensor& labels, int classes, bool weighted) {
  if (!weighted) return at::ones(classes);
  const at::Tensor counts = at::bincount(labels, {}, classes).to(at::kFloat);
  return labels.size(0) / (counts.clamp_min(1) * classes);
}

TargetScales scales_of(const Classification&, const TrainingRows& training) {
  const at::Tensor labels = training.rows.labels(training.train);
  return {.weights = class_weights(labels, training.data.classes, training.settings.class_weights)};
}

at::Tensor truth_of(const Classification&, const TargetScales&, const ComparedRows& compared) {
  return compared.rows.labels(compared.indices);
}

at::Tensor loss_of(const Classification&, const TargetScales& scales, const at::Tensor& answers,
                   const at::Tensor& truth, double label_smoothing) {
  constexpr std::int64_t ignore_none = -100;  // torch's default: no label has this number
  return at::cross_entropy_loss(answers, truth, scales.weights, at::Reduction::Mean, ignore_none, label_smoothing);
}

double error_of(const Classification&, const TargetScales&, const at::Tensor&, const at::Tensor&) { return 0; }

}  // namespace dragonet
