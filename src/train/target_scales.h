#pragma once

#include "train/batches.h"

namespace dragonet {

/// What an objective takes from the training samples before it begins; undefined where a task needs none.
struct TargetScales {
  at::Tensor weights;          // [classes], of each in the loss
  at::Tensor deviation, mean;  // [outputs], of the targets, which are trained as (target - mean) / deviation
};

/// What they are taken from.
struct TrainingRows {
  const TrainData& data;
  const TrainSettings& settings;
  const SampleRows& rows;
  const at::Tensor& train;  // indices of samples
};

/// Samples that the network is to be compared on.
struct ComparedRows {
  const SampleRows& rows;
  const at::Tensor& indices;
  const at::Tensor& inputs;  // what the network will be given
};

/// Values in the exported model's order: [samples, values].
inline at::Tensor flat(const at::Tensor& x) {
  return x.dim() == 4 ? x.permute({0, 2, 3, 1}).reshape({x.size(0), -1}) : x;
}

}  // namespace dragonet
