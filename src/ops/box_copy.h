// Most operators that only move values copy boxes: along each dimension of the output, so many values that lie evenly
// apart in an input. An operator says which boxes; rows, numbers for the kernel and its calls are worked out here.
#pragma once

#include "ops/walk_numbers.h"

namespace dragonet {

/// Along one dimension of the output: `count` values, `step` apart along an axis of the input; -1: one value, along
/// none. In the output they lie `spread` apart; or one behind the other, and all of them `repeat` times.
struct BoxSide {
  int count, axis, step = 1, spread = 1, repeat = 1;
};

struct Box {
  int input = 0, output = 0;   // which operands of the node
  Index from, to;              // where it begins in the input and in the output
  std::vector<BoxSide> sides;  // a dimension of the output each
};
using Boxes = std::vector<Box>;

/// All of an input, at the beginning of an output.
Box whole_box(const Model& model, const Node& node, int input = 0);

/// The rows of an input that row y of the outputs needs; where it needs none, the nearest, counted 0.
Rows rows_of(const Model& model, const Node& node, const Boxes& boxes, int input, int y);

Emitted emit_copies(const Model& model, const Node& node, const Boxes& boxes);

/// The same into rows that are filled with a value before.
Emitted emit_copies_on(const Tensor& value, const Model& model, const Node& node, const Boxes& boxes);

/// What is wrong, in words, with boxes whose walks have more sides than the kernel's, or that are too many.
Problems check_boxes(const Model& model, const Node& node, const Boxes& boxes);

/// The rules of an operator of which `boxes` is all that there is to say.
template <Boxes (*boxes)(const Model&, const Node&)>
Rows box_rows(const Model& model, const Node& node, int input, int y) {
  return rows_of(model, node, boxes(model, node), input, y);
}
template <Boxes (*boxes)(const Model&, const Node&)>
Emitted emit_boxes(const Model& model, const Node& node) {
  return emit_copies(model, node, boxes(model, node));
}

}  // namespace dragonet
