// A processor core as data: what the compiler, Unicorn, the cost of instructions and messages need to know of it. A new
// core is a row in core.cpp and a file with its cycles.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "board/board.h"
#include "ops/operator.h"

struct cs_insn;

namespace dragonet {

struct InstructionCost {
  unsigned cycles = 1;        // without wait states; of a conditional branch: not taken
  unsigned taken_cycles = 0;  // more, if it is a conditional branch that is taken
  unsigned refill = 0;        // of those, if it is a branch: what the pipeline takes to be filled again
  bool is_lacking = false;    // the core has no such instruction
};

struct Core {
  std::string id;                           // the board's `core`: what -mcpu= calls it
  std::string name;                         // "Cortex-M0+"
  std::string start_up;                     // its folder in firmware/cores/
  std::vector<std::string> compiler_flags;  // besides -mthumb
  KernelCore kernels;                       // written for it
  int unicorn_model;
  bool has_fpu;
  bool may_load_unaligned;  // single words and halfwords; several at once never
  /// Cycles that a branch to an instruction of 32 bits takes to refill the pipeline, at least; 0: as any other.
  struct WideTargetRefill {
    unsigned in_a_word, across_words;
  } wide_target_refill;

  /// `before`: the instruction in front of it, null at the start of a block.
  InstructionCost (*cost)(const cs_insn& insn, const cs_insn* before);
};

/// Throws Error if the board's core has no row.
const Core& core_of(const Board& board);

// Each in its file, with its manual.
InstructionCost cortex_m0_cost(const cs_insn& insn, const cs_insn* before);
InstructionCost cortex_m4_cost(const cs_insn& insn, const cs_insn* before);

}  // namespace dragonet
