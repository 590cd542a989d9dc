#include <tuple>

#include "train/objective.h"

namespace dragonet {

/// The reciprocal of each class's share, so that each weighs the same however many samples it has.
static at::Tensor class_weights(const at::Tensor& labels, int classes, bool weighted) {
  if (!weighted) return at::ones(classes);
  const at::Tensor counts = at::bincount(labels, {}, classes).to(at::kFloat);
  return labels.size(0) / (counts.clamp_min(1) * classes);
}

/// Values in the exported model's order: [samples, values].
static at::Tensor flat(const at::Tensor& x) {
  return x.dim() == 4 ? x.permute({0, 2, 3, 1}).reshape({x.size(0), -1}) : x;
}

/// Of targets [samples, outputs]; 1 where all are the same.
static std::tuple<at::Tensor, at::Tensor> target_scale(const at::Tensor& targets) {
  const at::Tensor mean = targets.mean({0}), deviation = (targets - mean).square().mean({0}).sqrt();
  return {at::where(deviation > 0, deviation, at::ones_like(deviation)), mean};
}

Objective::Objective(const Network& network, const TrainData& data, const TrainSettings& settings,
                     const SampleRows& rows, const at::Tensor& train)
    : task_(network.task) {
  if (task_ == Task::classification) weights_ = class_weights(rows.labels(train), data.classes, settings.class_weights);
  if (task_ == Task::regression) std::tie(deviation_, mean_) = target_scale(rows.targets(train));
}

at::Tensor Objective::truth(const SampleRows& rows, const at::Tensor& indices, const at::Tensor& inputs) const {
  if (task_ == Task::classification) return rows.labels(indices);
  if (task_ == Task::anomaly) return flat(inputs);
  return (rows.targets(indices) - mean_) / deviation_;
}

at::Tensor Objective::loss(const at::Tensor& answers, const at::Tensor& truth, double label_smoothing) const {
  constexpr std::int64_t ignore_none = -100;  // torch's default: no label has this number
  if (task_ == Task::classification)
    return at::cross_entropy_loss(answers, truth, weights_, at::Reduction::Mean, ignore_none, label_smoothing);
  // A target that is far off would pull with all its distance squared (Huber 1964): sensors have such outliers.
  return task_ == Task::regression ? at::huber_loss(answers, truth) : at::mse_loss(flat(answers), truth);
}

double Objective::mean_absolute_error(const at::Tensor& answers, const at::Tensor& truth) const {
  const at::Tensor error = (flat(answers) - truth).abs();
  return (task_ == Task::regression ? error * deviation_ : error).mean().item<double>();
}

Tally::Tally(const Objective& objective) : objective_(objective) {
  if (objective.has_labels()) right_ = at::zeros_like(objective.weights()), all_ = at::zeros_like(objective.weights());
}

void Tally::add(const at::Tensor& answers, const at::Tensor& truth) {
  const double weight = objective_.has_labels() ? add_labels(answers, truth) : double(truth.size(0));
  if (!objective_.has_labels()) error_ += objective_.mean_absolute_error(answers, truth) * weight;
  // Without label smoothing, in training as in validation: else the two losses could not be compared.
  loss_ += objective_.loss(answers, truth, 0).item<double>() * weight;
  weight_ += weight;
}

double Tally::balanced_accuracy() const {
  if (!objective_.has_labels()) return 0;
  const at::Tensor occur = all_ > 0;
  return (right_.masked_select(occur) / all_.masked_select(occur)).mean().item<double>();
}

double Tally::add_labels(const at::Tensor& answers, const at::Tensor& labels) {
  const at::Tensor hits = labels.masked_select(answers.argmax(1) == labels);
  right_ += at::bincount(hits, {}, right_.size(0));
  all_ += at::bincount(labels, {}, all_.size(0));
  return objective_.weights().index_select(0, labels).sum().item<double>();
}

}  // namespace dragonet
