// A layer of LSTM cells over a sequence, all steps in one call. In each step, a unit's four gates need the step's input
// and the outputs of the step before, which lie in the output already. The cells' states and the last step's outputs
// are kept for the next call, as TensorFlow Lite keeps them; all bytes 0 is how they begin.
#pragma once

#include <string.h>

#include "kernels/dot.h"
#include "kernels/fixed_point.h"
#include "kernels/real_math.h"
#include "kernels/rows.h"
#include "kernels/sigmoid_table.h"

namespace dragonet {

enum LstmGateName { lstm_input_gate, lstm_forget_gate, lstm_cell_gate, lstm_output_gate };

struct LstmSizes {
  int32_t batches, steps, inputs, units;
};

/// A factor, as for rescale().
struct LstmScale {
  int32_t multiplier;
  int8_t shift;
};

struct LstmGate {
  const int8_t *weights, *recurrent_weights;  // [units, inputs], [units, units]
  const int32_t *bias, *recurrent_bias;       // [units], from which zero_point * sum(weights) was taken
  LstmScale scale, recurrent_scale;           // from sums of products to Q12, in which 4096 stands for 1
};

struct UnidirectionalSequenceLstm {
  LstmSizes sizes;
  LstmGate gates[4];                    // by LstmGateName
  LstmScale forgotten, entered, shown;  // from products with a gate (Q15) to cell state, cell state, output
  int8_t tanh_shift;                    // from the cell state to Q12: to the left, or, negative, to the right
  int8_t zero_point;                    // of the output
  int16_t cell_min, cell_max;           // a cell state is clamped to them
};

/// Saturated.
inline int16_t to_int16(int32_t x) { return (int16_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x); }

inline int32_t scaled(int32_t x, LstmScale scale) { return rescale(x, scale.multiplier, scale.shift); }

/// A gate of one unit before its activation, Q12. in [inputs]: of this step; before [units]: the outputs of the step
/// before.
inline int16_t lstm_gate(const LstmGate& gate, const LstmSizes& sizes, int32_t unit, const int8_t* in,
                         const int8_t* before) {
  const int32_t entering = gate.bias[unit] + dot(in, gate.weights + unit * sizes.inputs, sizes.inputs);
  const int32_t recurrent =
      gate.recurrent_bias[unit] + dot(before, gate.recurrent_weights + unit * sizes.units, sizes.units);
  return to_int16((int32_t)to_int16(scaled(entering, gate.scale)) + to_int16(scaled(recurrent, gate.recurrent_scale)));
}

/// tanh of a cell state, in steps of 2^-15. Times 3, since the table counts in thirds of 2^-12.
inline int32_t lstm_cell_tanh(const UnidirectionalSequenceLstm& lstm, int16_t cell) {
  if (lstm.tanh_shift >= 0) return int16_tanh(cell * ((int32_t)3 << lstm.tanh_shift));
  const int right = -lstm.tanh_shift;
  return int16_tanh(((int32_t)cell * 3 + ((int32_t)1 << (right - 1))) >> right);
}

/// Returns a unit's new output, and updates *cell, its state. in [inputs], before [units], as for lstm_gate().
inline int8_t lstm_unit(const UnidirectionalSequenceLstm& lstm, int32_t unit, const int8_t* in, const int8_t* before,
                        int16_t* cell) {
  int32_t gates[4];
  for (int g = 0; g < 4; ++g) {
    const int32_t sum = (int32_t)lstm_gate(lstm.gates[g], lstm.sizes, unit, in, before) * 3;
    gates[g] = g == lstm_cell_gate ? int16_tanh(sum) : int16_logistic(sum);
  }
  const int16_t kept = to_int16(scaled(gates[lstm_forget_gate] * *cell, lstm.forgotten));
  const int16_t entered = to_int16(scaled(gates[lstm_input_gate] * gates[lstm_cell_gate], lstm.entered));
  *cell = clamp_value((int32_t)kept + entered, lstm.cell_min, lstm.cell_max);
  const int32_t shown = scaled(gates[lstm_output_gate] * lstm_cell_tanh(lstm, *cell), lstm.shown);
  return clamp_to(shown + lstm.zero_point, -128, 127);
}

/// in_rows: one row, [batches, steps, inputs]; out [batches, steps, units]; kept: cell states, int16 [batches, units],
/// then outputs less their zero point, int8 [batches, units]; scratch [units], for the outputs before the first step.
inline void unidirectional_sequence_lstm_row(const UnidirectionalSequenceLstm& lstm, const RowsIn& in_rows, int8_t* out,
                                             int8_t* kept, int8_t* scratch) {
  const LstmSizes& sizes = lstm.sizes;
  const int8_t* in = in_rows.row(0);
  int16_t* cells = (int16_t*)kept;
  int8_t* shown = kept + sizes.batches * sizes.units * 2;
  for (int32_t batch = 0; batch < sizes.batches; ++batch, cells += sizes.units, shown += sizes.units) {
    for (int32_t unit = 0; unit < sizes.units; ++unit) scratch[unit] = (int8_t)(shown[unit] + lstm.zero_point);
    const int8_t* before = scratch;
    for (int32_t step = 0; step < sizes.steps; ++step, before = out, in += sizes.inputs, out += sizes.units)
      for (int32_t unit = 0; unit < sizes.units; ++unit) out[unit] = lstm_unit(lstm, unit, in, before, cells + unit);
    for (int32_t unit = 0; unit < sizes.units; ++unit) shown[unit] = (int8_t)(before[unit] - lstm.zero_point);
  }
}

struct RealLstmGate {
  const float *weights, *recurrent_weights, *bias;  // [units, inputs], [units, units], [units]
};

struct RealUnidirectionalSequenceLstm {
  LstmSizes sizes;
  RealLstmGate gates[4];
  float cell_min, cell_max;
};

/// As the int8 one.
inline float lstm_unit(const RealUnidirectionalSequenceLstm& lstm, int32_t unit, const float* in, const float* before,
                       float* cell) {
  const LstmSizes& sizes = lstm.sizes;
  float gates[4];
  for (int g = 0; g < 4; ++g) {
    const RealLstmGate& gate = lstm.gates[g];
    const float sum = gate.bias[unit] + dot(in, gate.weights + unit * sizes.inputs, sizes.inputs) +
                      dot(before, gate.recurrent_weights + unit * sizes.units, sizes.units);
    gates[g] = g == lstm_cell_gate ? real_tanh(sum) : real_logistic(sum);
  }
  const float state = gates[lstm_forget_gate] * *cell + gates[lstm_input_gate] * gates[lstm_cell_gate];
  *cell = clamp_value(state, lstm.cell_min, lstm.cell_max);
  return gates[lstm_output_gate] * real_tanh(*cell);
}

/// As the int8 one; kept: cell states and outputs, float [batches, units] each.
inline void unidirectional_sequence_lstm_row(const RealUnidirectionalSequenceLstm& lstm, const RowsIn& in_rows,
                                             int8_t* out_row, int8_t* kept) {
  const LstmSizes& sizes = lstm.sizes;
  const float* in = (const float*)in_rows.row(0);
  float *out = (float*)out_row, *cells = (float*)kept, *shown = cells + sizes.batches * sizes.units;
  for (int32_t batch = 0; batch < sizes.batches; ++batch, cells += sizes.units, shown += sizes.units) {
    const float* before = shown;
    for (int32_t step = 0; step < sizes.steps; ++step, before = out, in += sizes.inputs, out += sizes.units)
      for (int32_t unit = 0; unit < sizes.units; ++unit) out[unit] = lstm_unit(lstm, unit, in, before, cells + unit);
    memcpy(shown, before, (uint32_t)sizes.units * sizeof(float));
  }
}

}  // namespace dragonet
