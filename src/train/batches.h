#pragma once

#include <ATen/ATen.h>

#include <chrono>
#include <span>

#include "train/train.h"

namespace dragonet {

/// The samples where they lie, perhaps in a mapped file larger than memory: only the rows asked for are touched.
class SampleRows {
 public:
  SampleRows(const Network& network, const TrainData& data);
  at::Tensor reals(const at::Tensor& indices) const;    // [samples, channels, height, width], float32
  at::Tensor labels(const at::Tensor& indices) const;   // [samples], int64
  at::Tensor targets(const at::Tensor& indices) const;  // [samples, outputs], float32

 private:
  at::Tensor features_;  // [all, height, width, channels], int8
  at::Tensor labels_;    // [all], int64
  at::Tensor targets_;   // [all, outputs]
  double steps_, zero_point_;
};

at::Tensor indices_of(std::span<const int> values);

/// At most so many, evenly spread over them.
at::Tensor some_of(const at::Tensor& indices, std::int64_t most);

/// Adds up what its calls take.
class Stopwatch {
 public:
  template <typename Work>
  auto time(Work work) {
    const auto begin = std::chrono::steady_clock::now();
    auto result = work();
    seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return result;
  }
  double seconds() const { return seconds_; }

 private:
  double seconds_ = 0;
};

}  // namespace dragonet
