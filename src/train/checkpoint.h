#pragma once

#include <ATen/ATen.h>
#include <torch/optim/optimizer.h>
#include <torch/serialize/archive.h>

#include <string>
#include <vector>

#include "train/torch_network.h"
#include "train/train.h"

namespace dragonet {

std::vector<at::Tensor> copies(const std::vector<at::Tensor>& tensors);
void overwrite(const std::vector<at::Tensor>& tensors, const std::vector<at::Tensor>& values);

/// A training's state as bytes, in torch's own archive format.
class CheckpointWriter {
 public:
  void tensors(const std::string& name, const std::vector<at::Tensor>& list);
  void optimizer(const torch::optim::Optimizer& optimizer);
  void history(const std::vector<Epoch>& history);
  Bytes bytes();

 private:
  torch::serialize::OutputArchive archive_;
};

/// Throws Error if the bytes are no checkpoint, or hold not what is asked for.
class CheckpointReader {
 public:
  explicit CheckpointReader(const Bytes& bytes);
  std::vector<at::Tensor> tensors(const std::string& name);
  void optimizer(torch::optim::Optimizer& optimizer);
  std::vector<Epoch> history();

 private:
  torch::serialize::InputArchive archive_;
};

}  // namespace dragonet
