// The numbers of the kernels' walk through operands that are broadcast (firmware/kernels/broadcast.h).
#pragma once

#include "ops/emit.h"

namespace dragonet {

/// An operand, and its shape with ones for the dimensions that the output has more.
struct BroadcastOperand {
  const Tensor& tensor;
  Shape sides;
};

/// With ones at the front.
BroadcastOperand operand_of(const Tensor& tensor, std::size_t rank);

/// The shape that all of them make together; of the dimensions that each must share, none may differ: in words.
Shape shape_together(const std::vector<BroadcastOperand>& operands);
bool go_together(const std::vector<BroadcastOperand>& operands);

/// The rows of an operand that row y of the output needs.
Rows rows_together(const Tensor& operand, const Tensor& out, int y);

/// The initialiser of a BroadcastWalk of as many operands, along all of the output's dimensions but the last `inner`.
std::string broadcast_numbers(const std::vector<BroadcastOperand>& operands, const Tensor& out, int inner);

}  // namespace dragonet
