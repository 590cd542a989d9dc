#pragma once

#include <ATen/ATen.h>

#include "data/task.h"
#include "train/anomaly_loss.h"
#include "train/class_loss.h"
#include "train/number_loss.h"

namespace dragonet {

/// What a network is asked, and how wrong its answers are: as each task's own functions say, which lie in files of
/// their own.
class Objective {
 public:
  /// `train`: indices of the training samples, from which the classes' weights and the targets' mean and deviation
  /// follow.
  Objective(const Network& network, const TrainData& data, const TrainSettings& settings, const SampleRows& rows,
            const at::Tensor& train);

  bool has_labels() const { return dragonet::has_labels(task_); }
  const at::Tensor& weights() const { return scales_.weights; }      // [classes]; undefined where there are no labels
  const at::Tensor& deviation() const { return scales_.deviation; }  // [outputs]; undefined where there are no numbers
  const at::Tensor& mean() const { return scales_.mean; }            // likewise

  /// Labels [samples], int64; or [samples, outputs], of what no labels are.
  ///   inputs  what the network will be given
  at::Tensor truth(const SampleRows& rows, const at::Tensor& indices, const at::Tensor& inputs) const;

  at::Tensor loss(const at::Tensor& answers, const at::Tensor& truth, double label_smoothing) const;

  /// In the targets' units; 0 of labels, which are counted instead.
  double mean_absolute_error(const at::Tensor& answers, const at::Tensor& truth) const;

 private:
  Task task_;
  TargetScales scales_;
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
