// Slices of the input, by their numbers, one output row at a time. A slice has one number, or one for each of the
// input's first dimensions; a walk goes through it.
#pragma once

#include "kernels/copy.h"

namespace dragonet {

/// What one of a slice's numbers counts.
struct Slices {
  WalkPlace step;  // of the input, from one to the next
  int32_t count;
};

template <int numbers>
struct Gather {
  WalkPlace row_step;   // from output row to output row: how far the beginning of `picks` moves
  int32_t row_indices;  // likewise, how many indices further
  Walk picks;           // over a row's slices; in the input it stands at the one whose numbers are 0
  Slices slices[numbers];
  Walk runs;  // within a slice
  uint32_t run_bytes;
};

/// What a sensor or another layer says may lie outside: the nearest slice then stands for it.
template <typename Index>
inline int32_t nearest_slice(Index index, int32_t slices) {
  return index < 0 ? 0 : index >= slices ? slices - 1 : (int32_t)index;
}

/// Output row y. indices: one row, of Index.
template <typename Index, int numbers>
inline void gather_row(const Gather<numbers>& gather, const RowsIn& in, const RowsIn& indices, int y, int8_t* out) {
  const Index* index = (const Index*)indices.row(0) + (int32_t)y * gather.row_indices;
  Walker pick = start(gather.picks);
  advance(pick.at, gather.row_step, y);
  do {
    WalkPlace slice = pick.at;
    for (int i = 0; i < numbers; ++i)
      advance(slice, gather.slices[i].step, nearest_slice(*index++, gather.slices[i].count));
    Walker run = start(gather.runs);
    do copy_run(in.row(slice.row + run.at.row) + slice.in + run.at.in, out + slice.out + run.at.out, gather.run_bytes);
    while (go_on(run, gather.runs));
  } while (go_on(pick, gather.picks));
}

}  // namespace dragonet
