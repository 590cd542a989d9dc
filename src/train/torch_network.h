#pragma once

#include <ATen/ATen.h>

#include <vector>

#include "model/network.h"
#include "train/export.h"

namespace dragonet {

/// A layer with what it learns. Tensors are undefined where the layer has none.
struct TorchLayer {
  Layer layer;
  std::vector<int> inputs;  // layers before it; -1: the images
  Shape shape;              // of its output, without the batch
  Paddings paddings;
  at::Tensor weight, bias;                 // [out, in or 1, kernel_h, kernel_w] or [out, in]; [out]
  at::Tensor gamma, beta, mean, variance;  // [channels], of a batch normalization
};
using TorchNetwork = std::vector<TorchLayer>;

/// An expanded network with random weights (He et al. 2015, arXiv:1502.01852) from torch's generator.
TorchNetwork make_torch_network(const Network& network);

/// Makes the network the function that `layers` are (see import_layers). A batch normalization takes its mean and
/// variance from `images`, and undoes both with gamma and beta, so that training goes on well conditioned.
void begin_with(TorchNetwork& network, const std::vector<TrainedLayer>& layers, const at::Tensor& images);

/// The answers before the last softmax.
///   images   [batch, channels, height, width]    float32, 0..1
///   returns  [batch, labels]
at::Tensor logits(const TorchNetwork& network, const at::Tensor& images, bool training);

std::vector<at::Tensor> kernels(const TorchNetwork& network);             // learned, and decayed
std::vector<at::Tensor> offsets_and_scales(const TorchNetwork& network);  // learned, and not decayed
std::vector<at::Tensor> statistics(const TorchNetwork& network);          // followed: mean and variance

std::vector<TrainedLayer> trained_layers(const TorchNetwork& network);

}  // namespace dragonet
