// Cycles of the Cortex-M0+ without wait states, from its Technical Reference Manual (Arm DDI 0484, section 3.3,
// "Instruction set summary") with the single-cycle multiplier that the SAM D21 has (DS40001882, "Cortex-M0+
// Configuration"). Its two-stage pipeline makes almost every instruction's time its own, so the cost of a run of
// instructions is a sum that need be worked out only once. Only a conditional branch depends on what happens: 1, or 2
// if it is taken.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "board/virtual_board.h"

namespace dragonet {

/// A run of instructions with one way in, at the top, and one way out, at the end.
struct BlockCost {
  Count count;  // a conditional branch at the end counted as not taken
  bool ends_conditionally = false;
  std::uint32_t deepest = 0;            // bytes that the block goes below its first stack pointer, at most
  bool computes_stack_pointer = false;  // by a register, so that `deepest` does not know
  std::uint32_t lacking = 0;            // where an instruction stands that ARMv6-M does not have; 0 if none
};

/// `code` is that of the whole block, lying at `address`.
BlockCost cost_of_block(std::span<const std::uint8_t> code, std::uint32_t address);

/// "udiv r0, r0, r1", for messages.
std::string disassemble(std::span<const std::uint8_t> code, std::uint32_t address);

}  // namespace dragonet
