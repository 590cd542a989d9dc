// What is done while the program runs: what its instructions cost, which layer it is in, and where the stack ends.
//
// Everything is done once per block (a run of instructions up to a branch), in one hook: Unicorn then runs some hundred
// million instructions a second, several times as many as with a hook per instruction. The costs of a block are worked
// out when it is first run. Only a conditional branch needs a second look, at where it went. Two things need more: data
// that is read from a flash with wait states (a hook per read), and loads of several words on a core that allows
// unaligned loads of one (a hook per instruction, where Unicorn does not check them).

#include <unicorn/unicorn.h>

#include <algorithm>
#include <span>

#include "board/machine_state.h"

namespace dragonet {

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
    UnicornEngine::check(uc_hook_add(engine.uc, &handle, type, reinterpret_cast<void*>(callback), this,
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

// The hot path: every block of the program goes through here before it runs.
void Machine::State::on_block(std::uint32_t address, std::uint32_t bytes) {
  if (is_over) {
    uc_emu_stop(engine.uc);
    return;
  }
  const bool is_branch = address != block->address + block->bytes;
  if (is_branch && block->cost.ends_conditionally) tracker.add({.cycles = block->cost.taken_cycles});
  if (tracker.returns_to(address)) leave_function(address);
  const unsigned refilled = block->cost.refill;
  block = &block_at(address, bytes);
  if (block->needs_a_look || look_next) look_at(*block);
  Count count = block->cost.count;
  if (is_branch) count.cycles += block->cost.least_refill - std::min(block->cost.least_refill, refilled);
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

const Machine::State::Block& Machine::State::block_at(std::uint32_t address, std::uint32_t bytes) {
  const Block*& found = block_of[(address - board.flash.base) / 2];
  if (found && found->bytes == bytes) return *found;
  return *(found = &blocks.emplace_back(decode(address, bytes)));
}

Machine::State::Block Machine::State::decode(std::uint32_t address, std::uint32_t bytes) const {
  Block block{.address = address, .bytes = bytes};
  const std::uint32_t offset = address - board.flash.base;
  block.cost = cost_of_block(core, {&flash[offset], std::min<std::size_t>(bytes, flash.size() - offset)}, address);
  block.bin = tracker.bin_of_function(address);
  block.needs_a_look = block.bin >= 0 || block.cost.deepest || block.cost.computes_stack_pointer || is_refused(block);
  return block;
}

void Machine::State::look_at(const Block& block) {
  if (block.bin >= 0) tracker.enter(block.address, block.bin, engine.get(UC_ARM_REG_LR) & ~1u);
  check_stack(engine.get(UC_ARM_REG_SP) - block.cost.deepest);
  look_next = block.cost.computes_stack_pointer;
  if (is_refused(block)) check_instructions(block);
}

}  // namespace dragonet
