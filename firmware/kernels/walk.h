// A walk over the values of a box: along each of its sides so many values, evenly apart in the output and in the input.
// The input's rows may lie anywhere, so a side leads along a row, in bytes, or from row to row.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Where a walk stands: bytes from the output row's begin, and from the begin of which row of the input. Or how far it
/// goes with a step.
struct WalkPlace {
  int32_t out, in;
  int16_t row;
};

inline void advance(WalkPlace& place, const WalkPlace& step, int32_t times) {
  place.out += step.out * times;
  place.in += step.in * times;
  place.row = (int16_t)(place.row + step.row * times);
}

struct WalkSide {
  int32_t count;
  WalkPlace step;
};

struct Walk {
  const WalkSide* sides;  // the one to go along first; at most 6
  uint8_t count;          // of sides
  WalkPlace begin;
};

struct Walker {
  WalkPlace at;
  int32_t done[6];  // along each side
};

inline Walker start(const Walk& walk) {
  const Walker walker = {walk.begin, {0, 0, 0, 0, 0, 0}};
  return walker;
}

/// False: it has been everywhere.
inline bool go_on(Walker& walker, const Walk& walk) {
  for (int i = 0; i < walk.count; ++i) {
    const WalkSide& side = walk.sides[i];
    advance(walker.at, side.step, 1);
    if (++walker.done[i] < side.count) return true;
    advance(walker.at, side.step, -side.count);
    walker.done[i] = 0;
  }
  return false;
}

}  // namespace dragonet
