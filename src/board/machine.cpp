// Unicorn runs the code; what makes it a board is here: which addresses exist, where a program starts and stops, and
// what answers it from outside: its chip's registers, the UART's other end, a host by semihosting.

#include "board/machine.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <span>
#include <utility>

#include "board/machine_state.h"

namespace dragonet {

static constexpr std::uint8_t paint =
    0xA5;  // RAM after power-on holds anything: so start-up must clear what it counts on

// First address behind the variables: from there on RAM is the stack's.
static std::uint32_t end_of_variables(const Elf& elf, const Board& board) {
  std::uint32_t end = board.ram.base;
  for (const ElfSection& section : elf.sections)
    if (section.writable) end = std::max(end, section.address + section.bytes);
  return (end + 7) / 8 * 8;
}

Machine::State::State(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols)
    : board(board),
      core(core_of(board)),
      symbols(symbols),
      engine(core),
      chip(chip_of(board).peripherals(board)),
      tracker(symbols),
      cache(board.flash_timing),
      flash(board.flash.bytes, 0xFF),
      ram(board.ram.bytes, paint),
      block_of(board.flash.bytes / 2) {
  stack_limit = end_of_variables(elf, board);
  load(elf);
  map_memory();
  map_registers();
  if (core.may_load_unaligned) find_aligned_accesses(elf);
  add_hooks();
  reset();
}

void Machine::State::load(const Elf& elf) {
  for (const ElfSection& section : elf.sections) {
    if (!section.in_file) continue;
    const bool fits = section.load_address >= board.application && board.flash.contains(section.load_address) &&
                      section.bytes <= board.flash.base + board.flash.bytes - section.load_address;
    if (!fits)
      throw Error({elf.source,
                   fmt::format("{} of {} bytes at 0x{:08x} lies outside the flash that {} leaves for an application",
                               section.name, section.bytes, section.load_address, board.name),
                   "`dragonet compile` says what takes the room"});
    std::copy(section.contents.begin(), section.contents.end(), &flash[section.load_address - board.flash.base]);
  }
}

// Flash can be run but not written; RAM written but not run, since this firmware never does. All else is not there.
void Machine::State::map_memory() {
  uc_engine* const uc = engine.uc;
  UnicornEngine::check(uc_mem_map_ptr(uc, board.flash.base, flash.size(), UC_PROT_READ | UC_PROT_EXEC, flash.data()));
  UnicornEngine::check(uc_mem_map_ptr(uc, board.ram.base, ram.size(), UC_PROT_READ | UC_PROT_WRITE, ram.data()));
}

void Machine::State::map_registers() {
  const auto read = [](uc_engine*, std::uint64_t offset, unsigned bytes, void* user) -> std::uint64_t {
    const auto& [state, page] = *static_cast<Page*>(user);
    const std::uint32_t value =
        state->chip->read(page + static_cast<std::uint32_t>(offset), bytes, state->tracker.total().all_cycles());
    state->after_register();
    return value;
  };
  const auto write = [](uc_engine*, std::uint64_t offset, unsigned bytes, std::uint64_t value, void* user) {
    const auto& [state, page] = *static_cast<Page*>(user);
    state->chip->write(page + static_cast<std::uint32_t>(offset), bytes, static_cast<std::uint32_t>(value));
    state->after_register();
  };
  for (const std::uint32_t address : chip->pages()) {
    Page* const page = &pages.emplace_back(Page{this, address});
    UnicornEngine::check(uc_mmio_map(engine.uc, address, Peripherals::page_bytes, read, page, write, page));
  }
}

// As a bootloader starts an application: the stack pointer from its first word, the program counter from its second.
void Machine::State::reset() {
  const auto word = [&](std::uint32_t address) {
    std::uint32_t value;
    std::memcpy(&value, &flash[address - board.flash.base], 4);
    return value;
  };
  stack_top = word(board.application);
  if (!board.ram.contains(stack_top - 1) || stack_limit > stack_top || stack_top % 8 != 0)
    throw Error({fmt::format("virtual board {}", board.id),
                 fmt::format("variables to 0x{:08x} leave no stack below 0x{:08x}", stack_limit, stack_top),
                 "`dragonet compile` says what takes the RAM"});
  engine.set(UC_ARM_REG_SP, stack_top);
  engine.set(UC_ARM_REG_PC, word(board.application + 4) | 1);
}

void Machine::State::run() {
  if (problem) throw Error(*problem);  // what went wrong once cannot go on
  is_over = false;
  run_until = tracker.total().instructions + instruction_limit;
  constexpr std::uint64_t never = 0xFFFF'FFFE;
  do {
    asks_host = false;
    const uc_err error = uc_emu_start(engine.uc, engine.get(UC_ARM_REG_PC) | 1, never, 0, 0);
    if (asks_host)
      answer_host();
    else if (!is_over)
      on_stopped(error);
  } while (!is_over);
  if (problem) throw Error(*problem);
}

// A call of semihosting: "Semihosting for AArch32 and AArch64", Arm 2023Q3 and before: BKPT 0xAB with the operation in
// r0 and its argument, mostly the address of a block of words, in r1; the answer comes in r0.
void Machine::State::answer_host() {
  const auto memory = [this](std::uint32_t address, std::uint32_t bytes) -> std::span<std::uint8_t> {
    const bool is_ram = board.ram.contains(address) && bytes <= board.ram.bytes - (address - board.ram.base);
    const bool is_flash = board.flash.contains(address) && bytes <= board.flash.bytes - (address - board.flash.base);
    if (is_ram) return {&ram[address - board.ram.base], bytes};
    return is_flash ? std::span(&flash[address - board.flash.base], bytes) : std::span<std::uint8_t>();
  };
  const std::uint32_t at = engine.get(UC_ARM_REG_PC);
  const HostClock clock{tracker.total().all_cycles(), board.clock_hz};
  engine.set(UC_ARM_REG_R0, semihosting.answer(engine.get(UC_ARM_REG_R0), engine.get(UC_ARM_REG_R1), clock, memory));
  engine.set(UC_ARM_REG_PC, (at + 2) | 1);
  if (!semihosting.complaint.empty()) fail(at, semihosting.complaint, "docs/virtual-board.md lists the calls that are");
  is_over |= semihosting.exit_status.has_value();
}

void Machine::State::after_register() {
  is_over |= chip->uart.waits_for_input();
  if (!chip->complaint.empty())
    fail(block->address, chip->complaint,
         "a driver in firmware/chips/ is wrong, or src/board/chips/ must learn the register");
}

Machine::Machine(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols)
    : state_(std::make_unique<State>(board, elf, symbols)) {}
Machine::~Machine() = default;

void Machine::run() { state_->run(); }
std::optional<int> Machine::exit_status() const { return state_->semihosting.exit_status; }
void Machine::type(std::string_view text) { state_->chip->uart.type(text); }
std::string Machine::take_printed() {
  return state_->chip->uart.take_printed() + std::exchange(state_->semihosting.printed, {});
}
void Machine::limit_instructions(std::uint64_t per_run) { state_->instruction_limit = per_run; }
void Machine::on_layer_end(LayerEnd callback) { state_->layer_ends = std::move(callback); }
void Machine::clear_counts() { state_->tracker.clear(); }
Counts Machine::counts() const { return state_->tracker.counts(); }
Count Machine::total() const { return state_->tracker.total(); }
std::string Machine::place() const { return state_->place(state_->block->address); }

std::uint32_t Machine::stack_used() const {
  const State& state = *state_;
  const auto byte_at = [&](std::uint32_t address) { return state.ram.begin() + (address - state.board.ram.base); };
  const auto top = byte_at(state.stack_top);
  const auto deepest = std::find_if(byte_at(state.stack_limit), top, [](std::uint8_t byte) { return byte != paint; });
  return (static_cast<std::uint32_t>(top - deepest) + 3) / 4 * 4;
}

}  // namespace dragonet
