// The inside of Machine, for its own files: machine.cpp, machine_hooks.cpp and machine_faults.cpp.
#pragma once

#include <unicorn/unicorn.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "board/block_cost.h"
#include "board/chip.h"
#include "board/core.h"
#include "board/count_tracker.h"
#include "board/flash_cache.h"
#include "board/machine.h"
#include "board/semihosting.h"
#include "board/unicorn_engine.h"

namespace dragonet {

/// What to do about a problem that is no user's.
inline constexpr const char* defect =
    "this is a defect in the firmware or the emitted code; please report it with the model";

struct Machine::State {
  /// A run of instructions up to a branch, with all that its hook wants to know.
  struct Block {
    std::uint32_t address = 0, bytes = 0;
    BlockCost cost;
    int bin = -1;               // of the function that begins here, for the count tracker
    bool needs_a_look = false;  // rare work: a function that matters begins, or the stack pointer changes
  };

  State(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols);

  // machine.cpp: how it begins and goes on.
  void load(const Elf& elf);
  void map_memory();
  void map_registers();
  void reset();
  void run();
  void answer_host();
  void after_register();

  // machine_hooks.cpp: what is done while the program runs.
  void add_hooks();
  void find_aligned_accesses(const Elf& elf);
  void on_block(std::uint32_t address, std::uint32_t bytes);
  void leave_function(std::uint32_t address);
  void on_flash_read(std::uint32_t address, std::uint32_t bytes);
  void on_instruction(std::uint32_t address);
  const Block& block_at(std::uint32_t address, std::uint32_t bytes);
  Block decode(std::uint32_t address, std::uint32_t bytes) const;
  void look_at(const Block& block);

  // machine_faults.cpp: what ends it, and the sentences about that.
  bool uses_fpu_that_is_off(const Block& block) const;
  bool is_refused(const Block& block) const;
  void check_instructions(const Block& block);
  void check_stack(std::uint32_t lowest);
  void on_bad_touch(uc_mem_type type, std::uint32_t address, unsigned bytes);
  void on_exception(std::uint32_t number);
  void on_breakpoint(std::uint32_t at);
  void on_stopped(uc_err error);
  void fail_unaligned(std::uint32_t at);
  void fail(std::uint32_t at, std::string what, std::string next);
  std::string place(std::uint32_t address) const;
  std::string instruction_at(std::uint32_t address) const;

  struct Page {  // of registers
    State* state;
    std::uint32_t address;
  };

  const Board board;
  const Core& core;
  const std::vector<Symbol> symbols;
  UnicornEngine engine;
  const std::unique_ptr<Peripherals> chip;
  CountTracker tracker;
  FlashCache cache;
  Semihosting semihosting;
  std::vector<std::uint8_t> flash, ram;  // Unicorn works on these
  std::deque<Page> pages;                // of registers
  std::uint32_t stack_limit, stack_top = 0;

  std::deque<Block> blocks{{}};          // all that have run; their addresses stay
  std::vector<const Block*> block_of;    // by halfword of flash, null: has not run yet
  const Block* block = &blocks.front();  // the one that runs
  bool look_next = false;                // the stack pointer was computed: look at it when the block is over
  bool is_over = false;                  // the program waits for input, has ended, or `problem`
  bool asks_host = false;                // a semihosting call stands where it stopped
  std::vector<std::int8_t> bases;        // by halfword of flash: the register that must hold a multiple of 4, or -1
  std::uint64_t instruction_limit = 10'000'000'000;  // of one command: 3 minutes and more of a 48 MHz board
  std::uint64_t run_until = 0;
  std::optional<Problem> problem;
  LayerEnd layer_ends;
};

}  // namespace dragonet
