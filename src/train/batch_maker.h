#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <vector>

#include "train/objective.h"

namespace dragonet {

struct Batch {
  at::Tensor inputs;  // [samples, channels, height, width], float32
  at::Tensor truth;   // [samples], int64 labels; or [samples, outputs] of what no labels are
  at::Tensor others;  // truth of the samples that are blended in; undefined: none are
  double share = 1;   // of the sample itself
};

/// Reads, augments and blends. What is random comes from a generator of its own, so that batches may be made while
/// training draws from torch's, and a run still repeats.
class BatchMaker {
 public:
  BatchMaker(const SampleRows& rows, const Objective& objective, const TrainData& data, const TrainSettings& settings);

  /// Calls `use` with the batch of each of the lists of indices, in their order, on the thread that calls. The next
  /// ones are made meanwhile on another, if training leaves a core free; batches are the same either way.
  ///   returns  the seconds in which there was nothing to use yet
  double each(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use);

  at::Tensor random_state() const { return random_.get_state(); }
  void set_random_state(const at::Tensor& state) { random_.set_state(state); }

 private:
  double beside(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use);
  double in_turn(const std::vector<at::Tensor>& lists, const std::function<void(const Batch&)>& use);
  Batch make(const at::Tensor& indices);
  at::Tensor background(std::int64_t count);
  void blend(Batch& batch);

  const SampleRows& rows_;
  const Objective& objective_;
  const TrainSettings& settings_;
  at::Tensor background_;  // indices
  at::Generator random_;
};

}  // namespace dragonet
