// What others ask of unidirectional_sequence_lstm: training looks inside it.
#pragma once

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

}  // namespace dragonet
