// A walk over the values of a box. Along each side of the box there are so many values, evenly spaced in the output and
// in the input. The input's rows may lie anywhere, so a side leads either along a row, in bytes, or from row to row.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Where a walk stands, or how far one step of it goes.
struct WalkPlace {
  int32_t out;  // bytes from the beginning of the output row
  int32_t in;   // bytes from the beginning of the input row
  int16_t row;  // which row of the input
};

/// place += step * times.
inline void advance(WalkPlace& place, const WalkPlace& step, int32_t times) {
  place.out += step.out * times;
  place.in += step.in * times;
  place.row = (int16_t)(place.row + step.row * times);
}

struct WalkSide {
  int32_t count;  // values along it, 1 or more
  WalkPlace step;
};

struct Walk {
  const WalkSide* sides;  // [count], the innermost first
  uint8_t count;          // 0 to 6; 0: one value
  WalkPlace begin;
};

/// A walk on its way.
struct Walker {
  WalkPlace at;
  int32_t done[6];  // steps along each side
};

/// At the walk's first value.
inline Walker start(const Walk& walk) {
  const Walker walker = {walk.begin, {0, 0, 0, 0, 0, 0}};
  return walker;
}

/// Goes to the next value. False: there is none, and the walker stands at the first again.
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
