// A folded float model in torch, with every weight and activation rounded as int8 conversion will round it.
#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "ops/ranges.h"
#include "train/torch_network.h"

namespace dragonet {

class RoundedNetwork {
 public:
  /// Throws Error if the model has a node that none of our layers is.
  RoundedNetwork(const Model& model, const Quantization& input);

  enum Ranging {
    keep,
    widen,
    follow
  };  // what a run does to the ranges: nothing, or its values make them wider, or
      // they come a little nearer to its values
  /// The answers before a last softmax. Gradients pass roundings as if they were not there, but not what is cut off.
  at::Tensor answers(const at::Tensor& inputs, Ranging ranging);

  const TorchNetwork& layers() const { return layers_; }  // one for each node
  const at::Tensor& ranges() const { return ranges_; }    // [tensors, 2]
  Ranges final_ranges() const;
  Model trained_model() const;

 private:
  at::Tensor rounded(int tensor, const at::Tensor& values) const;
  at::Tensor run_gates(const Node& node, TorchLayer layer, const at::Tensor& inputs, Ranging ranging);
  at::Tensor run_node(std::size_t node, const std::vector<at::Tensor>& values, Ranging ranging);
  void observe(int tensor, const at::Tensor& values, Ranging ranging);
  void settle();

  Model model_;
  SharedScales scales_;
  std::vector<bool> passed_on_;
  TorchNetwork layers_;
  at::Tensor ranges_;
  std::vector<Quantization> quantization_;  // of each tensor, by the ranges as they are
};

}  // namespace dragonet
