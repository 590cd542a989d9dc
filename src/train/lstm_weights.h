// An LSTM's weights as training has them, in one piece each, and as a unidirectional_sequence_lstm node has them.
#pragma once

#include <span>

#include "model/model.h"

namespace dragonet {

/// Are all weights and biases there, float32 constants of shapes that go together, and nothing else is asked than we
/// train? No peepholes, projection, clipping or time before batch.
bool is_trained_lstm(const Model& model, const Node& node);

/// [4 units, inputs + units]: of every unit's input, forget, cell and output gate, gate by gate, the weights of the
/// inputs and then those of the outputs of the step before. is_trained_lstm must hold.
Shape lstm_weights_shape(const Model& model, const Node& node);
std::vector<float> lstm_weights(const Model& model, const Node& node);
std::vector<float> lstm_bias(const Model& model, const Node& node);  // [4 units]

/// Into the node's constants, whose shapes are set.
void set_lstm_weights(Model& model, const Node& node, std::span<const float> weights, std::span<const float> bias);

}  // namespace dragonet
