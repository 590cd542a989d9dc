// The numbers of the kernels' walks (firmware/kernels/walk.h): through which values of an input, and of the output row
// that they go to. Rows of the input may lie anywhere, so a side that leads from row to row is not the same as one that
// leads along a row.
#pragma once

#include "ops/emit.h"
#include "ops/indices.h"

namespace dragonet {

/// Where, in bytes of a row and in rows; or how far to go.
struct WalkPlace {
  std::int64_t out = 0, in = 0;
  int row = 0;
};

struct WalkSide {
  std::int64_t count;
  WalkPlace step;
};
using WalkSides = std::vector<WalkSide>;  // innermost first

/// A tensor of several rows has them along this axis.
bool is_row_axis(const Tensor& tensor, int axis);

/// How far a step of `in_step` along an axis of the input leads, and of 1 along an axis of the output; -1: none.
WalkPlace step_along(const Tensor& in, int in_axis, int in_step, const Tensor& out, int out_axis);

/// The place of a value of the input, and of the one of the output that it goes to.
WalkPlace place_of(const Tensor& in, const Index& from, const Tensor& out, const Index& to);

/// The same walk with fewer sides: those of one step are dropped, and neighbours that lead evenly into each other are
/// joined.
WalkSides merged(const WalkSides& sides);

/// Takes the innermost side away where its values lie one behind the other in input and output: the bytes of a run.
std::int64_t take_run(WalkSides& sides, std::size_t value_bytes);

/// Initialisers: of a place, and of a walk with its array of sides, which goes into `constants` under that suffix.
std::string place_numbers(const WalkPlace& place);
std::string walk_numbers(const WalkSides& sides, const WalkPlace& begin, const std::string& suffix,
                         std::vector<Constant>& constants);

}  // namespace dragonet
