// The index of the largest or the least value along a dimension, one output row at a time. Of equal values the first
// counts.
#pragma once

#include "kernels/walk.h"

namespace dragonet {

struct ArgMax {
  WalkPlace row_step;  // from output row to output row: how far the walk's beginning moves
  Walk outputs;        // over a row's outputs; in the input it stands at the first value of each
  WalkPlace step;      // from one of an output's values to the next
  int32_t count;       // values of an output, 1 or more
};

/// sign 1: the largest; -1: the least. at: the first of an output's values. Returns 0 to count - 1.
template <typename Value, int sign>
inline int32_t index_of_best(const ArgMax& arg_max, const RowsIn& in, WalkPlace at) {
  int32_t best = 0;
  Value best_value = *(const Value*)(in.row(at.row) + at.in);
  for (int32_t i = 1; i < arg_max.count; ++i) {
    advance(at, arg_max.step, 1);
    const Value value = *(const Value*)(in.row(at.row) + at.in);
    if (sign > 0 ? value > best_value : value < best_value) best_value = value, best = i;
  }
  return best;
}

/// Output row y, of Index: int32_t or int64_t. An int64_t is written in two words, since rows are aligned to 4 only.
template <typename Value, typename Index, int sign>
inline void arg_max_row(const ArgMax& arg_max, const RowsIn& in, int y, int8_t* out) {
  Walker walker = start(arg_max.outputs);
  advance(walker.at, arg_max.row_step, y);
  do {
    int32_t* const words = (int32_t*)(out + walker.at.out);
    words[0] = index_of_best<Value, sign>(arg_max, in, walker.at);
    if (sizeof(Index) == 8) words[1] = 0;
  } while (go_on(walker, arg_max.outputs));
}

}  // namespace dragonet
