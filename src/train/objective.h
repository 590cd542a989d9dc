#pragma once

#include <ATen/ATen.h>

#include "train/batches.h"

namespace dragonet {

/// What a network is to answer, and the loss of its answers.
class Objective {
 public:
  /// `train`: indices of the training samples, from which the classes' weights and the targets' mean and deviation
  /// follow.
  Objective(const Network& network, const TrainData& data, const TrainSettings& settings, const SampleRows& rows,
            const at::Tensor& train);

  bool has_labels() const { return task_ == Task::classification; }
  const at::Tensor& weights() const { return weights_; }      // [classes]
  const at::Tensor& deviation() const { return deviation_; }  // [outputs], of a regression's targets, as its mean
  const at::Tensor& mean() const { return mean_; }

  /// Labels [samples], int64; or [samples, outputs], of what no labels are.
  ///   inputs  what the network will be given
  at::Tensor truth(const SampleRows& rows, const at::Tensor& indices, const at::Tensor& inputs) const;

  at::Tensor loss(const at::Tensor& answers, const at::Tensor& truth, double label_smoothing) const;

  /// In the targets' units.
  double mean_absolute_error(const at::Tensor& answers, const at::Tensor& truth) const;

 private:
  Task task_;
  at::Tensor weights_, deviation_, mean_;
};

/// Sums over batches, and what an Epoch says of them.
class Tally {
 public:
  explicit Tally(const Objective& objective);
  void add(const at::Tensor& answers, const at::Tensor& truth);
  double loss() const { return loss_ / weight_; }
  double error() const { return error_ / weight_; }
  double balanced_accuracy() const;  // the mean over those classes that occur

 private:
  double add_labels(const at::Tensor& answers, const at::Tensor& labels);

  const Objective& objective_;
  at::Tensor right_, all_;  // [classes]
  double loss_ = 0, weight_ = 0, error_ = 0;
};

}  // namespace dragonet
