// What a run is ended by, and the sentences about it.

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <utility>

#include "board/machine_state.h"

namespace dragonet {

// Unicorn's FPU works without having been turned on.
bool Machine::State::uses_fpu_that_is_off(const Block& block) const {
  return block.cost.uses_fpu && core.has_fpu && !chip->fpu_is_on();
}

bool Machine::State::is_refused(const Block& block) const {
  return block.cost.has_lacking || uses_fpu_that_is_off(block);
}

void Machine::State::check_instructions(const Block& block) {
  if (const std::uint32_t at = block.cost.lacking; block.cost.has_lacking)
    fail(at, fmt::format("would run `{}`, which a {} lacks", instruction_at(at), core.name),
         "compile it for " + core.compiler_flags[0]);
  else if (uses_fpu_that_is_off(block))
    fail(block.address, "uses the FPU, which is off after a reset", "the start-up must set bits 20 to 23 of SCB.CPACR");
}

void Machine::State::check_stack(std::uint32_t lowest) {
  if (lowest >= stack_limit && lowest <= stack_top) return;
  fail(block->address,
       lowest < stack_limit
           ? fmt::format("runs {} bytes below the stack's limit 0x{:08x}, into its variables", stack_limit - lowest,
                         stack_limit)
           : fmt::format("has a stack pointer of 0x{:08x}, above the stack's top 0x{:08x}", lowest, stack_top),
       "a smaller model or `dragonet compile --optimize ram` leaves the stack more room");
}

// Here Unicorn knows the program counter only as far as the block.
void Machine::State::on_bad_touch(uc_mem_type type, std::uint32_t address, unsigned bytes) {
  check_stack(engine.get(UC_ARM_REG_SP));  // computed within the block, so that no check has seen it before
  const bool reads = type == UC_MEM_READ_UNMAPPED || type == UC_MEM_READ_PROT;
  const bool runs = type == UC_MEM_FETCH_UNMAPPED || type == UC_MEM_FETCH_PROT;
  if (runs)
    fail(block->address, fmt::format("jumps to 0x{:08x}, which is not flash", address), defect);
  else if (board.flash.contains(address))
    fail(block->address, fmt::format("writes {} bytes to flash at 0x{:08x}", bytes, address), defect);
  else
    fail(block->address,
         fmt::format("{} {} bytes at 0x{:08x}, where the board has neither memory nor a register that is known here",
                     reads ? "reads" : "writes", bytes, address),
         defect);
}

// Numbers of QEMU's target/arm/cpu.h: EXCP_SWI 2, EXCP_DATA_ABORT 4 (here always a misaligned access), EXCP_BKPT 7.
void Machine::State::on_exception(std::uint32_t number) {
  const std::uint32_t at = engine.get(UC_ARM_REG_PC) & ~1u;
  if (number == 4)
    fail_unaligned(at);
  else if (number == 7)
    on_breakpoint(at);
  else
    fail(at, fmt::format("asks for exception {} (SVC is 2), which nothing here handles", number),
         "the firmware works without exceptions");
}

void Machine::State::on_breakpoint(std::uint32_t at) {
  const bool is_call = flash[at - board.flash.base] == 0xAB;  // the instruction's lower byte
  if (is_call) {
    asks_host = true;
    uc_emu_stop(engine.uc);
  } else
    fail(at, "stops at a breakpoint: the start-up's handler of unexpected exceptions, or one of its own", defect);
}

void Machine::State::fail_unaligned(std::uint32_t at) {
  fail(at, fmt::format("the address of `{}` is not aligned to its size", instruction_at(at)),
       fmt::format("a {} faults here: copy such values by bytes", core.name));
}

// Unicorn ended of its own accord, and no hook has said why.
void Machine::State::on_stopped(uc_err error) {
  const std::uint32_t at = engine.get(UC_ARM_REG_PC) & ~1u;
  if (error == UC_ERR_OK)
    fail(at, "stops and waits for an interrupt", "nothing wakes it: the firmware works without interrupts");
  else
    fail(at,
         fmt::format("would run `{}`, which a {} lacks or the virtual board does not model", instruction_at(at),
                     core.name),
         "compile it for " + core.compiler_flags[0]);
}

// Unicorn calls back through C, where nothing may be thrown: the run stops, and run() throws.
void Machine::State::fail(std::uint32_t at, std::string what, std::string next) {
  is_over = true;
  if (!problem) problem = Problem{place(at), std::move(what), std::move(next)};
  uc_emu_stop(engine.uc);
}

std::string Machine::State::place(std::uint32_t address) const {
  const auto holds = [&](const Symbol& s) { return s.is_function && address - s.address < s.bytes; };
  const auto function = std::find_if(symbols.begin(), symbols.end(), holds);
  const std::string layer = tracker.layer();
  return fmt::format("virtual board {}, in {} at 0x{:08x}, {}", board.id,
                     function == symbols.end() ? "no known function" : function->name, address,
                     layer.empty() ? "in no layer" : "in " + layer);
}

std::string Machine::State::instruction_at(std::uint32_t address) const {
  if (!board.flash.contains(address) || !board.flash.contains(address + 3)) return "?";
  return disassemble({&flash[address - board.flash.base], 4}, address);
}

}  // namespace dragonet
