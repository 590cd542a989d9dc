// What a block of instructions costs, worked out once: almost every instruction's time is its own or depends on the one
// in front of it, so that only branches and the flash need a look while the program runs.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "board/core.h"
#include "board/counts.h"

namespace dragonet {

/// A run of instructions with one way in, at the top, and one way out, at the end.
struct BlockCost {
  Count count;  // a conditional branch at the end counted as not taken
  bool ends_conditionally = false;
  unsigned taken_cycles = 0;            // more, if that branch is taken
  unsigned refill = 0;                  // cycles counted to refill the pipeline behind a branch at the end
  unsigned least_refill = 0;            // cycles that it takes where a branch leads here, at least
  std::uint32_t deepest = 0;            // bytes that the block goes below its first stack pointer, at most
  bool computes_stack_pointer = false;  // by a register, so that `deepest` is not known
  bool uses_fpu = false;
  bool has_lacking = false;
  std::uint32_t lacking = 0;  // where the first instruction stands that the core does not have
};

/// `code` is that of the whole block, lying at `address`.
BlockCost cost_of_block(const Core& core, std::span<const std::uint8_t> code, std::uint32_t address);

/// "udiv r0, r0, r1", for messages.
std::string disassemble(std::span<const std::uint8_t> code, std::uint32_t address);

/// The register, 0 to 14, whose value an instruction at `code` needs to be a multiple of 4 on any core: loads and
/// stores of several words and of doubles, exclusive ones. -1 if there is none, or it is the stack pointer or PC, which
/// always are.
int aligned_base(std::span<const std::uint8_t> code, std::uint32_t address);

}  // namespace dragonet
