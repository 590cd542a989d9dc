// Unicorn runs the code; what makes it a board is here: which addresses exist, what a touch of others says, what the
// instructions cost, and where the stack ends.
//
// Everything is done once per block (a run of instructions up to a branch), in one hook: Unicorn then runs some hundred
// million instructions a second, several times as many as with a hook per instruction. The costs of a block are worked
// out when it is first run. Only a conditional branch needs a second look, at where it went.

#include "board/virtual_board.h"

#include <fmt/format.h>
#include <unicorn/unicorn.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <optional>

#include "board/cortex_m0_cycles.h"
#include "board/count_tracker.h"
#include "board/elf.h"
#include "board/samd21_peripherals.h"

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
  Engine() {
    // Without UC_MODE_MCLASS: with it, Unicorn 2.0.1 runs a Cortex-M33 whatever model is asked for.
    check(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &uc));
    check(uc_ctl_set_cpu_model(uc, UC_CPU_ARM_CORTEX_M0));
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

struct VirtualBoard::State {
  State(const Board& board, const FirmwareImage& image);

  void load(const Elf& elf);
  void map_memory();
  void map_registers();
  void add_hooks();
  void reset();
  std::string run();

  void on_block(std::uint32_t address, std::uint32_t bytes);
  const Block& block_at(std::uint32_t address, std::uint32_t bytes);
  Block decode(std::uint32_t address, std::uint32_t bytes) const;
  void look_at(const Block& block);
  void check_stack(std::uint32_t lowest);

  void on_bad_touch(uc_mem_type type, std::uint32_t address, unsigned bytes);
  void on_exception(std::uint32_t number);
  void on_stopped(uc_err error);
  void after_register();
  void fail(std::uint32_t at, std::string what, std::string next);
  std::string place(std::uint32_t address) const;
  std::string instruction_at(std::uint32_t address) const;

  struct Page {
    State* state;
    std::uint32_t address;
  };

  const Board board;
  const std::vector<Symbol> symbols;
  Engine engine;
  Samd21Peripherals chip;
  CountTracker tracker;
  std::vector<std::uint8_t> flash, ram;  // Unicorn works on these
  std::deque<Page> pages;                // of registers
  std::uint32_t stack_limit, stack_top = 0;

  std::deque<Block> blocks{{}};          // all that have run; their addresses stay
  std::vector<const Block*> block_of;    // by halfword of flash, null: has not run yet
  const Block* block = &blocks.front();  // the one that runs
  bool look_next = false;                // the stack pointer was computed: look at it when the block is over
  bool is_over = false;                  // the firmware waits for input, or `problem`
  std::uint64_t instruction_limit = 10'000'000'000;  // of one command: 3 minutes and more of a 48 MHz board
  std::uint64_t run_until = 0;
  std::optional<Problem> problem;
};

VirtualBoard::State::State(const Board& board, const FirmwareImage& image)
    : board(board),
      symbols(image.symbols),
      chip(board.clock_hz),
      tracker(symbols),
      flash(board.flash.bytes, 0xFF),
      ram(board.ram.bytes, paint),
      block_of(board.flash.bytes / 2) {
  if (!board.chip.starts_with("SAMD21"))
    throw Error({fmt::format("virtual board {}", board.id),
                 fmt::format("the registers of {} are not modelled", board.chip), "mkrzero is"});
  const Elf elf = read_elf(image.elf);
  stack_limit = end_of_variables(elf, board);
  load(elf);
  map_memory();
  map_registers();
  add_hooks();
  reset();
}

void VirtualBoard::State::load(const Elf& elf) {
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
void VirtualBoard::State::map_memory() {
  uc_engine* const uc = engine.uc;
  Engine::check(uc_mem_map_ptr(uc, board.flash.base, flash.size(), UC_PROT_READ | UC_PROT_EXEC, flash.data()));
  Engine::check(uc_mem_map_ptr(uc, board.ram.base, ram.size(), UC_PROT_READ | UC_PROT_WRITE, ram.data()));
}

void VirtualBoard::State::map_registers() {
  const auto read = [](uc_engine*, std::uint64_t offset, unsigned bytes, void* user) -> std::uint64_t {
    const auto& [state, page] = *static_cast<Page*>(user);
    const std::uint32_t value =
        state->chip.read(page + static_cast<std::uint32_t>(offset), bytes, state->tracker.total().cycles);
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

void VirtualBoard::State::add_hooks() {
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
  const auto add = [&](int type, auto callback) {
    uc_hook handle;
    Engine::check(uc_hook_add(engine.uc, &handle, type, reinterpret_cast<void*>(callback), this, 1, 0));
  };
  add(UC_HOOK_BLOCK, block);
  add(UC_HOOK_MEM_INVALID, touch);
  add(UC_HOOK_INTR, exception);
}

// As a bootloader starts an application: the stack pointer from its first word, the program counter from its second.
void VirtualBoard::State::reset() {
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

// Until the firmware waits for input. What it printed ends with "m-ready".
std::string VirtualBoard::State::run() {
  if (problem) throw Error(*problem);  // what went wrong once cannot go on
  is_over = false;
  run_until = tracker.total().instructions + instruction_limit;
  constexpr std::uint64_t never = 0xFFFF'FFFE;
  const uc_err error = uc_emu_start(engine.uc, engine.get(UC_ARM_REG_PC) | 1, never, 0, 0);
  if (!problem && !chip.waits_for_input()) on_stopped(error);
  std::string printed = chip.take_printed();
  if (!problem && !printed.ends_with("m-ready\r\n"))
    fail(block->address, fmt::format("waits for more input without \"m-ready\"; it has printed \"{}\"", printed),
         "a command ends with '%'");
  if (problem) throw Error(*problem);
  return printed;
}

// The hot path: every block of the program goes through here before it runs.
void VirtualBoard::State::on_block(std::uint32_t address, std::uint32_t bytes) {
  const bool branch_was_taken = block->cost.ends_conditionally && address != block->address + block->bytes;
  if (is_over) {
    uc_emu_stop(engine.uc);
    return;
  }
  if (branch_was_taken) tracker.add({0, 1});
  if (tracker.returns_to(address)) tracker.leave(address);
  block = &block_at(address, bytes);
  if (block->needs_a_look || look_next) look_at(*block);
  tracker.add(block->cost.count);
  if (tracker.total().instructions > run_until)
    fail(address, fmt::format("has run {} instructions without waiting for input: it seems to hang", instruction_limit),
         defect);
}

const Block& VirtualBoard::State::block_at(std::uint32_t address, std::uint32_t bytes) {
  const Block*& found = block_of[(address - board.flash.base) / 2];
  if (!found || found->bytes != bytes) found = &blocks.emplace_back(decode(address, bytes));
  return *found;
}

Block VirtualBoard::State::decode(std::uint32_t address, std::uint32_t bytes) const {
  Block block{.address = address, .bytes = bytes};
  const std::uint32_t offset = address - board.flash.base;
  block.cost = cost_of_block({&flash[offset], std::min<std::size_t>(bytes, flash.size() - offset)}, address);
  block.bin = tracker.bin_of_function(address);
  block.needs_a_look = block.bin >= 0 || block.cost.deepest || block.cost.computes_stack_pointer || block.cost.lacking;
  return block;
}

void VirtualBoard::State::look_at(const Block& block) {
  if (block.bin >= 0) tracker.enter(block.address, block.bin, engine.get(UC_ARM_REG_LR) & ~1u);
  check_stack(engine.get(UC_ARM_REG_SP) - block.cost.deepest);
  look_next = block.cost.computes_stack_pointer;
  if (const std::uint32_t at = block.cost.lacking)
    fail(at, fmt::format("would run `{}`, which a Cortex-M0+ lacks", instruction_at(at)),
         "compile it for -mcpu=cortex-m0plus");
}

void VirtualBoard::State::check_stack(std::uint32_t lowest) {
  if (lowest >= stack_limit && lowest <= stack_top) return;
  fail(block->address,
       lowest < stack_limit
           ? fmt::format("runs {} bytes below the stack's limit 0x{:08x}, into its variables", stack_limit - lowest,
                         stack_limit)
           : fmt::format("has a stack pointer of 0x{:08x}, above the stack's top 0x{:08x}", lowest, stack_top),
       "a smaller model or `dragonet compile --optimize ram` leaves the stack more room");
}

// Here Unicorn knows the program counter only as far as the block.
void VirtualBoard::State::on_bad_touch(uc_mem_type type, std::uint32_t address, unsigned bytes) {
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

void VirtualBoard::State::after_register() {
  is_over |= chip.waits_for_input();
  if (!chip.complaint.empty())
    fail(block->address, chip.complaint,
         "a driver in firmware/boards/ is wrong, or src/board/ must learn the register");
}

// Numbers of QEMU's target/arm/cpu.h: EXCP_SWI 2, EXCP_DATA_ABORT 4 (here always a misaligned access), EXCP_BKPT 7.
void VirtualBoard::State::on_exception(std::uint32_t number) {
  const std::uint32_t at = engine.get(UC_ARM_REG_PC) & ~1u;
  if (number == 4)
    fail(at, fmt::format("the address of `{}` is not aligned to its size", instruction_at(at)),
         "a Cortex-M0+ faults here: copy such values by bytes");
  else if (number == 7)
    fail(at, "stops at a breakpoint: the start-up's handler of unexpected exceptions, or one of its own", defect);
  else
    fail(at, fmt::format("asks for exception {} (SVC is 2), which nothing here handles", number),
         "the firmware works without exceptions");
}

// Unicorn ended of its own accord, and no hook has said why.
void VirtualBoard::State::on_stopped(uc_err error) {
  const std::uint32_t at = engine.get(UC_ARM_REG_PC) & ~1u;
  if (error == UC_ERR_OK)
    fail(at, "stops and waits for an interrupt", "nothing wakes it: the firmware works without interrupts");
  else
    fail(
        at,
        fmt::format("would run `{}`, which a Cortex-M0+ lacks or the virtual board does not model", instruction_at(at)),
        "compile it for -mcpu=cortex-m0plus");
}

// Unicorn calls back through C, where nothing may be thrown: the run stops, and run() throws.
void VirtualBoard::State::fail(std::uint32_t at, std::string what, std::string next) {
  is_over = true;
  if (!problem) problem = Problem{place(at), std::move(what), std::move(next)};
  uc_emu_stop(engine.uc);
}

std::string VirtualBoard::State::place(std::uint32_t address) const {
  const auto holds = [&](const Symbol& s) { return s.is_function && address - s.address < s.bytes; };
  const auto function = std::find_if(symbols.begin(), symbols.end(), holds);
  const std::string layer = tracker.layer();
  return fmt::format("virtual board {}, in {} at 0x{:08x}, {}", board.id,
                     function == symbols.end() ? "no known function" : function->name, address,
                     layer.empty() ? "in no layer" : "in " + layer);
}

std::string VirtualBoard::State::instruction_at(std::uint32_t address) const {
  if (!board.flash.contains(address) || !board.flash.contains(address + 3)) return "?";
  return disassemble({&flash[address - board.flash.base], 4}, address);
}

VirtualBoard::VirtualBoard(const Board& board, const FirmwareImage& image)
    : state_(std::make_unique<State>(board, image)) {
  state_->run();
}

VirtualBoard::~VirtualBoard() = default;

std::string VirtualBoard::send(std::string_view command) {
  state_->chip.type(command);
  state_->chip.type("%");
  return state_->run();
}

void VirtualBoard::limit_instructions(std::uint64_t per_command) { state_->instruction_limit = per_command; }
void VirtualBoard::clear_counts() { state_->tracker.clear(); }
Counts VirtualBoard::counts() const { return state_->tracker.counts(); }

std::uint32_t VirtualBoard::stack_used() const {
  const State& state = *state_;
  const auto byte_at = [&](std::uint32_t address) { return state.ram.begin() + (address - state.board.ram.base); };
  const auto top = byte_at(state.stack_top);
  const auto deepest = std::find_if(byte_at(state.stack_limit), top, [](std::uint8_t byte) { return byte != paint; });
  return (static_cast<std::uint32_t>(top - deepest) + 3) / 4 * 4;
}

}  // namespace dragonet
