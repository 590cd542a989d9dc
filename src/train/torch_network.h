#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <span>
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
  at::Tensor weight, bias;                 // [out, in or 1, kernel_h, kernel_w] or [out, in]; [out]; of an
                                           // LSTM see lstm_weights.h
  at::Tensor gamma, beta, mean, variance;  // [channels], of a batch normalization
};
using TorchNetwork = std::vector<TorchLayer>;

/// The same values with a pixel's channels side by side, in which convolutions are fastest; not copied where they lie
/// so.
at::Tensor channels_last(const at::Tensor& maps);

/// An expanded network with random weights (He et al. 2015, arXiv:1502.01852) from torch's generator.
TorchNetwork make_torch_network(const Network& network);

/// Makes the network the function that `layers` are (see import_layers). A batch normalization takes its mean and
/// variance from `images`, and undoes both with gamma and beta, so that training goes on well conditioned.
void begin_with(TorchNetwork& network, const std::vector<TrainedLayer>& layers, const at::Tensor& images);

/// Goes through the network, and calls `set(layer, x)` with what reaches each layer before it is applied, so that its
/// weights may follow from that.
///   images  [batch, channels, height, width]
void set_in_turn(TorchNetwork& network, const at::Tensor& images,
                 const std::function<void(TorchLayer&, const at::Tensor& x)>& set);

/// One layer of the outputs of those before it.
at::Tensor apply_layer(const TorchLayer& layer, const std::vector<at::Tensor>& inputs, bool training);

/// What an LSTM gives of a sequence that is a map of width 1, and its cells' states beside.
///   maps       [batch, inputs, steps, 1]
///   fed_back   what a step's output [batch, units] is when the next step sees it
struct LstmRun {
  at::Tensor outputs, cells;  // [batch, units, steps, 1]
};
LstmRun run_lstm(const TorchLayer& layer, const at::Tensor& maps,
                 const std::function<at::Tensor(const at::Tensor&)>& fed_back);

/// The answers, before the last softmax if there is one.
///   images   [batch, channels, height, width]    float32
///   returns  [batch, labels]; of an autoencoder that ends with a map [batch, channels, height, width]
at::Tensor logits(const TorchNetwork& network, const at::Tensor& images, bool training);

std::vector<at::Tensor> kernels(const TorchNetwork& network);             // learned, and decayed
std::vector<at::Tensor> offsets_and_scales(const TorchNetwork& network);  // learned, and not decayed
std::vector<at::Tensor> statistics(const TorchNetwork& network);          // followed: mean and variance

/// Weights of torch's order from those of a .tflite file, and back. `type`: of the layer.
at::Tensor torch_weights(const std::string& type, const Shape& tflite_shape, std::span<const float> values);
at::Tensor tflite_weights(const TorchLayer& layer);
at::Tensor torch_values(std::span<const float> values);  // [values]

std::vector<TrainedLayer> trained_layers(const TorchNetwork& network);

}  // namespace dragonet
