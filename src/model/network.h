#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "data/task.h"
#include "model/model.h"

namespace dragonet {

/// Height and width of a kernel, of its steps or of its dilation.
struct Sides {
  int height = 0, width = 0;
  Sides() = default;
  Sides(int both) : height(both), width(both) {}
  Sides(int height, int width) : height(height), width(width) {}
  bool operator==(const Sides&) const = default;
};

struct Padding {
  int before = 0, after = 0;
  bool operator==(const Padding&) const = default;
};
struct Paddings {
  Padding vertical, horizontal;
  bool operator==(const Paddings&) const = default;
};
inline constexpr Paddings one_all_round{{1, 1}, {1, 1}};  // Keras' default of its ZeroPadding

/// A layer to train, with Keras' names and defaults (layer_types.h says which layer has which). Of a 1-D layer, whose
/// name ends with 1D, only heights count: it runs along a sequence of steps.
struct Layer {
  std::string type;                 // "Conv2D"; layer_types() lists them
  std::string name;                 // empty: the type and a number
  std::vector<std::string> inputs;  // names of layers before it, or `image`; none: the layer before
  int filters = 0;                  // output channels; of a Dense: its units
  Sides kernel;                     // of a pool: its pool_size; none: 2
  Sides strides;                    // none: 1, or a pool's own size
  Sides dilation = 1;
  int depth_multiplier = 1;
  bool same = false;  // padding "same", as TensorFlow pads; otherwise "valid"
  bool use_bias = true;
  std::string activation = "linear";  // or "relu", "relu6", "softmax"
  double max_value = 0;               // ReLU: 6 makes it a ReLU6; 0: none
  double rate = 0;                    // Dropout
  double epsilon = 1e-3;              // BatchNormalization
  Paddings zeros = one_all_round;     // ZeroPadding
  bool return_sequences = false;      // LSTM: the outputs of all steps, not of the last alone
  Shape target_shape;                 // Reshape; without the batch; one may be -1
  bool fitted = false;                // in an expanded network: of a Deviations or a Whitening (is_fitted)
  std::string source;                 // "dragonet.toml, line 12, column 1", for messages; empty: made by default
};

/// The names by which layers take the network's input: the first is for pictures, the second for all.
inline constexpr const char* image_name = "image";
inline constexpr const char* input_name = "input";

/// Input [height, width, channels], then layers in an order in which they can run. The last one's output is the
/// network's; in classification a Softmax follows where it is none. A sequence, as of motion, is a map of width 1:
/// [steps, 1, channels]. A 1-D layer takes each row of a wider map as one step: [frames, bands, 1] are `frames` steps
/// of `bands` channels.
struct Network {
  int height = 0, width = 0, channels = 0;
  std::vector<Layer> layers;
  Task task = {};
};

/// The output of every layer without the batch: [height, width, channels] or [values].
/// Throws Error naming every layer that cannot be: a type or an input that is not there, an argument that is missing,
/// shapes that do not go together, an output that nothing takes, a BatchNormalization that nothing can be folded into.
std::vector<Shape> output_shapes(const Network& network);

/// What is wrong with the network's output, which must have one score per label, or as many `outputs` as a regression
/// has numbers; of an anomaly it is a Whitening's, or as many values as the input. None: nothing is wrong.
/// output_shapes must pass.
std::optional<Problem> answer_problem(const Network& network, int outputs);

/// Ends with a Whitening: nothing of it is trained by gradients. Its weights follow from means and covariances of the
/// training samples, and an anomaly's score is the output's distance from what is normal.
bool is_fitted(const Network& network);

/// For every layer, the layers that it takes, as indices; -1 is the image. output_shapes must pass.
std::vector<std::vector<int>> input_indices(const Network& network);

/// The same network in the few layers that are trained: every name is given, activations are layers of their own
/// (ReLU, Softmax), a SeparableConv2D is two convolutions, a Deviations a DepthwiseConv2D, a Whitening a Dense, an Add
/// has two inputs, an LSTM gives the whole sequence, of which a LastStep may follow, 1-D layers are 2-D ones of width 1
/// behind a Reshape where they need it, and in classification the last layer is a Softmax. Throws Error as
/// output_shapes does.
Network expanded(const Network& network);

/// TensorFlow's padding: "same" gives ceil(size / stride) outputs, and where the padding is odd, the larger half comes
/// after. Source: tf.nn documentation, "Notes on padding".
Paddings paddings_of(const Layer& layer, const Shape& in);

/// The network that `dragonet new --kind image` begins with: depthwise separable convolutions, as in MobileNet
/// (Howard et al. 2017, arXiv:1704.04861), small enough for 32 KB of RAM beside its features.
Network default_image_network(int height, int width, int channels, int labels);

/// For log-mel energies or cepstral coefficients, [frames, bands, 1]: DS-CNN (Zhang et al. 2017, "Hello Edge",
/// arXiv:1711.07128) with fewer filters, and larger steps where there are many bands.
Network default_sound_network(int frames, int bands, int channels, int labels);

/// For readings of motion, [window, 1, axes]: three convolutions in time.
Network default_motion_network(int window, int width, int axes, int labels);

/// What is measured of a sample to know whether it is like the others, and a Whitening of it. Of pictures each
/// channel's means and peaks in 4 x 4 parts.
Network default_image_statistics(int height, int width, int channels);

/// Of sequences, [frames, bands, 1] or [window, 1, axes]: each band's mean deviations upwards and downwards, and its
/// peak.
Network default_sequence_statistics(int frames, int width, int channels);

/// Of numbers themselves.
Network default_value_statistics(int height, int width, int columns);

/// One of those, or another kind's. For numbers without the dropout, which would shift them, and without the softmax.
using NetworkMaker = Network (*)(int height, int width, int channels, int labels);
using StatisticsMaker = Network (*)(int height, int width, int channels);
struct NetworkMakers {
  NetworkMaker scores;         // of labels or numbers
  StatisticsMaker statistics;  // of anomalies
};
Network default_network(const NetworkMakers& make, int height, int width, int channels, int outputs,
                        const Task& task = {});

}  // namespace dragonet
