#pragma once

#include <vector>

#include "model/model.h"
#include "model/network.h"

namespace dragonet {

/// What training found for one layer; empty where the layer has nothing to learn.
struct TrainedLayer {
  std::vector<float>
      weights;  // Conv2D [out, kernel, kernel, in], DepthwiseConv2D [1, kernel, kernel, channels], Dense [out, in]
  std::vector<float> bias;                         // [out]; empty where a batch normalization follows
  std::vector<float> gamma, beta, mean, variance;  // [out], of the batch normalization; or empty
};

constexpr double batch_norm_epsilon = 1e-3;  // Keras' default (PyTorch's is 1e-5)

/// The trained network as a float32 model with batch normalization folded into weights and biases. `layers` goes with
/// network.layers. The input is one image [1, height, width, channels] of reals 0..1.
Model export_model(const Network& network, const std::vector<TrainedLayer>& layers);

}  // namespace dragonet
