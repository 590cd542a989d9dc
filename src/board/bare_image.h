#pragma once

#include "board/machine.h"

namespace dragonet {

struct BareRun {
  std::string printed;
  int exit_status = 0;
  Count count;  // from reset to its end
  std::uint32_t stack_used = 0;
};

/// Runs a program that is not our firmware, without drivers of its own: linked for the board's addresses, with a vector
/// table at `application`; it prints, asks for the time and ends by semihosting. docs/virtual-board.md shows one.
/// Throws Error for all that Machine refuses, and if the program ends by waiting for input.
BareRun run_bare(const Elf& elf, const Board& board, std::uint64_t instruction_limit = 100'000'000'000);

}  // namespace dragonet
