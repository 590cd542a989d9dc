#pragma once

#include <cstdint>
#include <vector>

#include "model/model.h"
#include "model/network.h"

namespace dragonet {

/// What training found for one layer; empty where the layer has nothing to learn.
struct TrainedLayer {
  std::vector<float> weights;  // Conv2D [out, kernel_h, kernel_w, in], DepthwiseConv2D [1, kernel_h, kernel_w, out],
                               // Dense [out, in], LSTM [4 units, inputs + units] (lstm_weights.h)
  std::vector<float> bias;     // [out], of an LSTM [4 units]; empty where the layer has none
  std::vector<float> gamma, beta, mean, variance;  // BatchNormalization, [channels]
};

/// The shape of a layer's weights, as above; empty where it has none. `in` and `out`: what it takes and gives.
Shape weights_shape(const Layer& layer, const Shape& in, const Shape& out);

/// The trained network as a float32 model: batch normalizations folded into weights and biases, each ReLU fused into
/// the node before it where nothing else takes that node's output. The input is one image [1, height, width, channels]
/// of reals 0..1. A node's output is named after the layer.
///   network  expanded
///   layers   goes with network.layers
Model export_model(const Network& network, const std::vector<TrainedLayer>& layers);

/// The network as a model with random weights, to learn what it will cost before it is trained.
Model untrained_model(const Network& network, std::uint64_t seed = 1);

}  // namespace dragonet
