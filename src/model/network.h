#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// A layer to train, with Keras' names and defaults; each takes the output of the one before it.
struct Layer {
  std::string type;  // Conv2D, DepthwiseConv2D, MaxPooling2D, AveragePooling2D, GlobalAveragePooling2D, Flatten, Dense,
                     // Dropout, Softmax
  int filters = 0;   // Conv2D: output channels; Dense: units
  int kernel = 1;    // height and width; pooling: the pool's
  int stride = 1;
  bool same = true;         // padding "same", as TensorFlow pads; otherwise "valid"
  bool batch_norm = false;  // between the layer and its ReLU; folded into its weights after training
  bool relu = false;
  double rate = 0;  // Dropout
};

/// Input [height, width, channels] of reals 0..1, then layers, ending in a Softmax.
struct Network {
  int height = 0, width = 0, channels = 0;
  std::vector<Layer> layers;
};

/// The size of what passes from a layer to the next.
struct MapSize {
  int height = 0, width = 0, channels = 0;
  bool operator==(const MapSize&) const = default;
};

/// The output of every layer. Throws Error for the first layer that does not fit what the one before it gives
/// (a "valid" kernel larger than its map, a type that is not known, a convolution behind Flatten).
std::vector<MapSize> output_sizes(const Network& network);

/// TensorFlow's padding of one side pair: "same" gives ceil(size / stride) outputs, and where the padding is odd, the
/// larger half comes after. Source: tf.nn documentation, "Notes on padding".
struct Padding {
  int before = 0, after = 0;
};
Padding padding_of(const Layer& layer, int size);

/// The network that `dragonet new --kind image` begins with: depthwise separable convolutions, as in MobileNet
/// (Howard et al. 2017, arXiv:1704.04861), small enough for 32 KB of RAM beside its features.
Network default_image_network(int height, int width, int channels, int classes);

}  // namespace dragonet
