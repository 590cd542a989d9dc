#pragma once

#include <optional>

#include "train/export.h"

namespace dragonet {

/// What a float model has for every layer of `network` expanded, as `train` takes it to begin with. Batch normalization
/// is folded in a file: a BatchNormalization gets only `beta`, the bias that its layer has there, and `train` chooses
/// the rest so that the function is the file's.
/// Layers are compared by kind, settings and connections; names do not matter, nor what changes no values (Dropout,
/// Flatten, a last Softmax). Throws Error naming every difference at once, or that the model is int8.
std::vector<TrainedLayer> import_layers(const Network& network, const Model& model);

/// The layer that a node of a float model is, without what its weights say (filters, units) and without an activation
/// that is fused into it; a reshape is one without its target. None where it is none of ours.
std::optional<Layer> layer_of(const Model& model, const Node& node);

}  // namespace dragonet
