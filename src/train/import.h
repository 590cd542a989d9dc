#pragma once

#include <optional>

#include "train/export.h"

namespace dragonet {

/// The initial weights of every layer of the expanded `network`, from a float model, for `train`. Batch normalization
/// is folded in a file: a BatchNormalization gets only `beta`, the bias that its layer has there, and `train` chooses
/// the rest so that the function is the file's. Layers are compared by kind, settings and connections; names do not
/// matter, nor what changes no values (Dropout, Flatten, a last Softmax). The last Dense may have another number of
/// units than the file's: it then begins with random weights, and all others with the file's (transfer learning).
/// Throws Error naming every difference at once, or that the model is int8.
std::vector<TrainedLayer> import_layers(const Network& network, const Model& model);

/// The layer that makes such a node, without what the node's weights say (filters, units) and without a fused
/// activation; a reshape has no target. None if no layer does.
std::optional<Layer> layer_of(const Model& model, const Node& node);

}  // namespace dragonet
