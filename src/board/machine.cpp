// Unicorn runs the code; what makes it a board is here: which addresses exist, what a touch of others says, what the
// instructions cost, and where the stack ends.
//
// Everything is done once per block (a run of instructions up to a branch), in one hook: Unicorn then runs some hundred
// million instructions a second, several times as many as with a hook per instruction. The costs of a block are worked
// out when it is first run. Only a conditional branch needs a second look, at where it went. Two things need more: data
// that is read from a flash with wait states (a hook per read), and loads of several words on a core that allows
// unaligned loads of one (a hook per instruction, where Unicorn does not check them).

#include "board/machine.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>
#include <span>
#include <utility>

#include "base/error.h"
#include "board/block_cost.h"
#include "board/core.h"
#include "board/count_tracker.h"
#include "board/flash_cache.h"
#include "board/samd21_peripherals.h"
#include "board/semihosting.h"

namespace dragonet {
namespace {

constexpr std::uint8_t paint = 0xA5;  // RAM after power-on holds anything: so start-up must clear what it counts on
constexpr const char* defect = "this is a defect in the firmware or the emitted code; please report it with the model";

// A block of the program, with all that its hook wants to know.
struct Block {
  std::uint32_t address = 0, bytes = 0;
  BlockCost cost;
  int bin = -1;               // of the function that begins here, for the count tracker
  bool needs_a_look = false;  // rare work: a function that matters begins, or the stack pointer changes
};

struct Engine {
  explicit Engine(const Core& core) {
    // Without UC_MODE_MCLASS: with it, Unicorn 2.0.1 runs a Cortex-M33 whatever model is asked for.
    check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &uc));
    check(uc_ctl_set_cpu_model(uc, core.unicorn_model));
  }
  ~Engine() { uc_close(uc); }
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  static void check(uc_err error) {
    if (error != UC_ERR_OK)
      throw Error({"virtual board", fmt::format("Unicorn answers: {}", uc_strerror(error)),
                   "is libunicorn 2.0.1 or later installed?"});
  }
  std::uint32_t get(uc_arm_reg reg) const {
    std::uint32_t value = 0;
    uc_reg_read(uc, reg, &value);
    return value;
  }
  void set(uc_arm_reg reg, std::uint32_t value) const { uc_reg_write(uc, reg, &value); }

  uc_engine* uc = nullptr;
};

// First address behind the variables: from there on RAM is the stack's.
std::uint32_t end_of_variables(const Elf& elf, const Board& board) {
  std::uint32_t end = board.ram.base;
  for (const ElfSection& section : elf.sections)
    if (section.writable) end = std::max(end, section.address + section.bytes);
  return (end + 7) / 8 * 8;
}

}  // namespace

struct Machine::State {
  State(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols);

  void load(const Elf& elf);
  void map_memory();
  void map_registers();
  void add_hooks();
  void find_aligned_accesses(const Elf& elf);
  void reset();
  void run();

  void on_block(std::uint32_t address, std::uint32_t bytes);
  void leave_function(std::uint32_t address);
  void on_flash_read(std::uint32_t address, std::uint32_t bytes);
  void on_instruction(std::uint32_t address);
  const Block& block_at(std::uint32_t address, std::uint32_t bytes);
  bool uses_fpu_that_is_off(const Block& block) const;
  bool is_refused(const Block& block) const;
  void check_instructions(const Block& block);
  Block decode(std::uint32_t address, std::uint32_t bytes) const;
  void look_at(const Block& block);
  void check_stack(std::uint32_t lowest);

  void on_bad_touch(uc_mem_type type, std::uint32_t address, unsigned bytes);
  void on_exception(std::uint32_t number);
  void on_breakpoint(std::uint32_t at);
  void on_stopped(uc_err error);
  void after_register();
  void answer_host();
  void fail_unaligned(std::uint32_t at);
  void fail(std::uint32_t at, std::string what, std::string next);
  std::string place(std::uint32_t address) const;
  std::string instruction_at(std::uint32_t address) const;

  struct Page {
    State* state;
    std::uint32_t address;
  };

  const Board board;
  const Core& core;
  const std::vector<Symbol> symbols;
  Engine engine;
  Samd21Peripherals chip;
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

Machine::State::State(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols)
    : board(board),
      core(core_of(board)),
      symbols(symbols),
      engine(core),
      chip(board.clock_hz, core.has_fpu),
      tracker(symbols),
      cache(board.flash_timing),
      flash(board.flash.bytes, 0xFF),
      ram(board.ram.bytes, paint),
      block_of(board.flash.bytes / 2) {
  if (!board.chip.starts_with("SAMD21"))
    throw Error({fmt::format("virtual board {}", board.id),
                 fmt::format("the registers of {} are not modelled", board.chip), "mkrzero is"});
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
  Engine::check(uc_mem_map_ptr(uc, board.flash.base, flash.size(), UC_PROT_READ | UC_PROT_EXEC, flash.data()));
  Engine::check(uc_mem_map_ptr(uc, board.ram.base, ram.size(), UC_PROT_READ | UC_PROT_WRITE, ram.data()));
}

void Machine::State::map_registers() {
  const auto read = [](uc_engine*, std::uint64_t offset, unsigned bytes, void* user) -> std::uint64_t {
    const auto& [state, page] = *static_cast<Page*>(user);
    const std::uint32_t value =
        state->chip.read(page + static_cast<std::uint32_t>(offset), bytes, state->tracker.total().all_cycles());
    state->after_register();
    return value;
  };
  const auto write = [](uc_engine*, std::uint64_t offset, unsigned bytes, std::uint64_t value, void* user) {
    const auto& [state, page] = *static_cast<Page*>(user);
    state->chip.write(page + static_cast<std::uint32_t>(offset), bytes, static_cast<std::uint32_t>(value));
    state->after_register();
  };
  for (const std::uint32_t address : chip.pages()) {
    Page* const page = &pages.emplace_back(Page{this, address});
    Engine::check(uc_mmio_map(engine.uc, address, Samd21Peripherals::page_bytes, read, page, write, page));
  }
}

void Machine::State::add_hooks() {
  const uc_cb_hookcode_t block = [](uc_engine*, std::uint64_t address, std::uint32_t bytes, void* user) {
    static_cast<State*>(user)->on_block(static_cast<std::uint32_t>(address), bytes);
  };
  const uc_cb_eventmem_t touch = [](uc_engine*, uc_mem_type type, std::uint64_t address, int bytes, std::int64_t,
                                    void* user) {
    static_cast<State*>(user)->on_bad_touch(type, static_cast<std::uint32_t>(address), static_cast<unsigned>(bytes));
    return false;
  };
  const uc_cb_hookintr_t exception = [](uc_engine*, std::uint32_t number, void* user) {
    static_cast<State*>(user)->on_exception(number);
  };
  const uc_cb_hookmem_t read = [](uc_engine*, uc_mem_type, std::uint64_t address, int bytes, std::int64_t, void* user) {
    static_cast<State*>(user)->on_flash_read(static_cast<std::uint32_t>(address), static_cast<std::uint32_t>(bytes));
  };
  const uc_cb_hookcode_t instruction = [](uc_engine*, std::uint64_t address, std::uint32_t, void* user) {
    static_cast<State*>(user)->on_instruction(static_cast<std::uint32_t>(address));
  };
  const auto add = [&](int type, auto callback, const Memory& where) {
    uc_hook handle;
    Engine::check(uc_hook_add(engine.uc, &handle, type, reinterpret_cast<void*>(callback), this,
                              std::uint64_t{where.base}, std::uint64_t{where.base} + where.bytes - 1));
  };
  const Memory everywhere{.base = 0, .bytes = 0xFFFF'FFFF};
  add(UC_HOOK_BLOCK, block, everywhere);
  add(UC_HOOK_MEM_INVALID, touch, everywhere);
  add(UC_HOOK_INTR, exception, everywhere);
  if (cache.has_waits()) add(UC_HOOK_MEM_READ, read, board.flash);
  if (!bases.empty()) add(UC_HOOK_CODE, instruction, board.flash);
}

// Unicorn faults where a word's address is unaligned, or nowhere. Where a core loads single words from anywhere but
// several only from multiples of 4, the latter are looked for beforehand. Literals taken for instructions do no harm.
void Machine::State::find_aligned_accesses(const Elf& elf) {
  std::vector<std::int8_t> found(flash.size() / 2, -1);
  for (const ElfSection& section : elf.sections) {
    if (!section.executable || !board.flash.contains(section.address)) continue;
    const std::span<const std::uint8_t> code = section.contents;
    for (std::uint32_t at = 0; at + 2 <= code.size(); at += 2) {
      const std::uint32_t address = section.address + at;
      found[(address - board.flash.base) / 2] =
          static_cast<std::int8_t>(aligned_base(code.subspan(at, std::min<std::size_t>(4, code.size() - at)), address));
    }
  }
  if (std::ranges::any_of(found, [](int base) { return base >= 0; })) bases = std::move(found);
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

// The hot path: every block of the program goes through here before it runs.
void Machine::State::on_block(std::uint32_t address, std::uint32_t bytes) {
  if (is_over) {
    uc_emu_stop(engine.uc);
    return;
  }
  const bool is_branch = address != block->address + block->bytes;
  if (is_branch && block->cost.ends_conditionally) tracker.add({.cycles = block->cost.taken_cycles});
  if (tracker.returns_to(address)) leave_function(address);
  block = &block_at(address, bytes);
  if (block->needs_a_look || look_next) look_at(*block);
  Count count = block->cost.count;
  if (is_branch) count.cycles += block->cost.arrival_cycles;
  if (cache.has_waits()) count.wait_cycles = cache.read(address, bytes);
  tracker.add(count);
  if (tracker.total().instructions > run_until)
    fail(address, fmt::format("has run {} instructions without waiting for input: it seems to hang", instruction_limit),
         defect);
}

void Machine::State::leave_function(std::uint32_t address) {
  if (layer_ends && !tracker.layer().empty()) layer_ends(tracker.layer(), ram);
  tracker.leave(address);
}

// It comes after all of its block's instructions, in the order of the loads.
void Machine::State::on_flash_read(std::uint32_t address, std::uint32_t bytes) {
  tracker.add({.wait_cycles = cache.read(address, bytes)});
}

void Machine::State::on_instruction(std::uint32_t address) {
  const int base = bases[(address - board.flash.base) / 2];
  if (base < 0) return;
  const bool is_lr = base == 14;
  const std::uint32_t value = engine.get(is_lr ? UC_ARM_REG_LR : static_cast<uc_arm_reg>(UC_ARM_REG_R0 + base));
  if (value % 4 != 0) fail_unaligned(address);
}

const Block& Machine::State::block_at(std::uint32_t address, std::uint32_t bytes) {
  const Block*& found = block_of[(address - board.flash.base) / 2];
  if (found && found->bytes == bytes) return *found;
  return *(found = &blocks.emplace_back(decode(address, bytes)));
}

Block Machine::State::decode(std::uint32_t address, std::uint32_t bytes) const {
  Block block{.address = address, .bytes = bytes};
  const std::uint32_t offset = address - board.flash.base;
  block.cost = cost_of_block(core, {&flash[offset], std::min<std::size_t>(bytes, flash.size() - offset)}, address);
  block.bin = tracker.bin_of_function(address);
  block.needs_a_look = block.bin >= 0 || block.cost.deepest || block.cost.computes_stack_pointer || is_refused(block);
  return block;
}

// Unicorn's FPU works without having been turned on.
bool Machine::State::uses_fpu_that_is_off(const Block& block) const {
  return block.cost.uses_fpu && core.has_fpu && !chip.fpu_is_on();
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

void Machine::State::look_at(const Block& block) {
  if (block.bin >= 0) tracker.enter(block.address, block.bin, engine.get(UC_ARM_REG_LR) & ~1u);
  check_stack(engine.get(UC_ARM_REG_SP) - block.cost.deepest);
  look_next = block.cost.computes_stack_pointer;
  if (is_refused(block)) check_instructions(block);
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

void Machine::State::after_register() {
  is_over |= chip.waits_for_input();
  if (!chip.complaint.empty())
    fail(block->address, chip.complaint,
         "a driver in firmware/boards/ is wrong, or src/board/ must learn the register");
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

Machine::Machine(const Board& board, const Elf& elf, const std::vector<Symbol>& symbols)
    : state_(std::make_unique<State>(board, elf, symbols)) {}
Machine::~Machine() = default;

void Machine::run() { state_->run(); }
std::optional<int> Machine::exit_status() const { return state_->semihosting.exit_status; }
void Machine::type(std::string_view text) { state_->chip.type(text); }
std::string Machine::take_printed() {
  return state_->chip.take_printed() + std::exchange(state_->semihosting.printed, {});
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
