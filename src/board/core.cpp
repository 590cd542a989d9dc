#include "board/core.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include "base/error.h"

namespace dragonet {
namespace {

const std::vector<Core>& cores() {
  static const std::vector<Core> table{
      {.id = "cortex-m0plus",
       .name = "Cortex-M0+",
       .start_up = "cortex-m",
       .compiler_flags = {"-mcpu=cortex-m0plus"},
       .kernels = KernelCore::cortex_m0plus,
       .unicorn_model = UC_CPU_ARM_CORTEX_M0,
       .has_fpu = false,
       .may_load_unaligned = false,
       .wide_target_refill = {0, 0},
       .cost = cortex_m0_cost},
      // No contraction of a * b + c into one rounding: the host would give other floats.
      {.id = "cortex-m4",
       .name = "Cortex-M4F",
       .start_up = "cortex-m",
       .compiler_flags = {"-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", "-ffp-contract=off"},
       .kernels = KernelCore::cortex_m4,
       .unicorn_model = UC_CPU_ARM_CORTEX_M4,
       .has_fpu = true,
       .may_load_unaligned = true,
       .wide_target_refill = {2, 3},
       .cost = cortex_m4_cost},
  };
  return table;
}

}  // namespace

const Core& core_of(const Board& board) {
  for (const Core& core : cores())
    if (core.id == board.core) return core;
  throw Error({fmt::format("board {}", board.id), fmt::format("its core {} is not known", board.core),
               "add it to src/board/core.cpp: docs/add-a-board.md"});
}

}  // namespace dragonet
