#include "train/objective.h"

namespace dragonet {

Objective::Objective(const Network& network, const TrainData& data, const TrainSettings& settings,
                     const SampleRows& rows, const at::Tensor& train)
    : task_(network.task),
      scales_(std::visit(
          [&](const auto& task) {
            return scales_of(task, {data, settings, rows, train});
          },
          task_)) {}

at::Tensor Objective::truth(const SampleRows& rows, const at::Tensor& indices, const at::Tensor& inputs) const {
  return std::visit([&](const auto& task) { return truth_of(task, scales_, {rows, indices, inputs}); }, task_);
}

at::Tensor Objective::loss(const at::Tensor& answers, const at::Tensor& truth, double label_smoothing) const {
  return std::visit([&](const auto& task) { return loss_of(task, scales_, answers, truth, label_smoothing); }, task_);
}

double Objective::mean_absolute_error(const at::Tensor& answers, const at::Tensor& truth) const {
  return std::visit([&](const auto& task) { return error_of(task, scales_, answers, truth); }, task_);
}

Tally::Tally(const Objective& objective) : objective_(objective) {
  if (objective.has_labels()) right_ = at::zeros_like(objective.weights()), all_ = at::zeros_like(objective.weights());
}

void Tally::add(const at::Tensor& answers, const at::Tensor& truth) {
  const double weight = objective_.has_labels() ? add_labels(answers, truth) : double(truth.size(0));
  error_ += objective_.mean_absolute_error(answers, truth) * weight;
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
