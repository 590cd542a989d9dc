// What others ask of unidirectional_sequence_lstm: training and conversion to int8 look inside it.
#pragma once

#include "ops/operator.h"
#include "ops/ranges.h"

namespace dragonet {

/// Places of its operands. Weights and biases are those of input, forget, cell and output gate, one after the other.
namespace lstm_operands {
inline constexpr int input_weights = 1;      // [units, inputs]
inline constexpr int recurrent_weights = 5;  // [units, units]
inline constexpr int biases = 12;            // [units]
inline constexpr int output_state = 18, cell_state = 19;
inline constexpr int count = 24;
}  // namespace lstm_operands

inline constexpr int lstm_gates = 4;

/// What the cells of a float32 node reach from step to step; no tensor ever holds that.
///   bytes  the values of its input, at least
RealInterval lstm_cell_range(const Model& model, const Node& node, TensorBytes& bytes);

}  // namespace dragonet
