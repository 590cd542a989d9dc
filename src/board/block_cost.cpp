#include "board/block_cost.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "board/instruction.h"

namespace dragonet {
namespace {

// Capstone, open as long as the program runs.
class Disassembler {
 public:
  Disassembler() {
    cs_open(CS_ARCH_ARM, static_cast<cs_mode>(CS_MODE_THUMB | CS_MODE_MCLASS), &handle_);
    cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
  }
  ~Disassembler() { cs_close(&handle_); }

  // use(std::span<const cs_insn>): all instructions up to the first that is none.
  template <typename Use>
  auto read(std::span<const std::uint8_t> code, std::uint32_t address, std::size_t most, Use use) const {
    cs_insn* insns = nullptr;
    const std::size_t count = cs_disasm(handle_, code.data(), code.size(), address, most, &insns);
    auto result = use(std::span<const cs_insn>(insns, count));
    cs_free(insns, count);
    return result;
  }

 private:
  csh handle_ = 0;
};

const Disassembler& disassembler() {
  thread_local const Disassembler shared;
  return shared;
}

// Bytes that a write-back adds to its base register.
int written_back(const cs_insn& insn) {
  if (is_multiple(insn)) {
    const bool is_down =
        insn.id == ARM_INS_LDMDB || insn.id == ARM_INS_STMDB || insn.id == ARM_INS_VLDMDB || insn.id == ARM_INS_VSTMDB;
    return 4 * static_cast<int>(words_listed(insn)) * (is_down ? -1 : 1);
  }
  const cs_arm_op& last = operands(insn).back();  // [sp, #-4]! or [sp], #4
  return last.type == ARM_OP_MEM ? last.mem.disp : last.type == ARM_OP_IMM ? last.imm : 0;
}

bool updates_stack_pointer(const cs_insn& insn) {
  if (!insn.detail->arm.writeback) return false;
  if (is_multiple(insn)) return writes(insn, ARM_REG_SP);
  return std::ranges::any_of(operands(insn),
                             [](const cs_arm_op& op) { return op.type == ARM_OP_MEM && op.mem.base == ARM_REG_SP; });
}

// Bytes added to the stack pointer, as far as the instruction alone says.
int added_to_stack_pointer(const cs_insn& insn, bool& computed) {
  if (insn.id == ARM_INS_PUSH || insn.id == ARM_INS_VPUSH) return -4 * static_cast<int>(words_listed(insn));
  if (insn.id == ARM_INS_POP || insn.id == ARM_INS_VPOP) return 4 * static_cast<int>(words_listed(insn));
  if (updates_stack_pointer(insn)) return written_back(insn);
  if (!writes(insn, ARM_REG_SP) || insn.id == ARM_INS_CMP || is_multiple(insn)) return 0;
  const cs_arm_op& amount = operands(insn).back();
  const bool is_sum =
      insn.id == ARM_INS_ADD || insn.id == ARM_INS_SUB || insn.id == ARM_INS_ADDW || insn.id == ARM_INS_SUBW;
  computed |= !is_sum || amount.type != ARM_OP_IMM;
  if (!is_sum || amount.type != ARM_OP_IMM) return 0;
  return insn.id == ARM_INS_SUB || insn.id == ARM_INS_SUBW ? -amount.imm : amount.imm;
}

bool leads_elsewhere(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_B:
    case ARM_INS_BL:
    case ARM_INS_BX:
    case ARM_INS_BLX:
    case ARM_INS_CBZ:
    case ARM_INS_CBNZ:
      return true;
    case ARM_INS_POP:
    case ARM_INS_LDM:
    case ARM_INS_LDMDB:
      return lists(insn, ARM_REG_PC);
    default:
      return writes(insn, ARM_REG_PC);
  }
}

void note_lacking(BlockCost& cost, std::uint64_t address) {
  if (!std::exchange(cost.has_lacking, true)) cost.lacking = static_cast<std::uint32_t>(address);
}

BlockCost sum_of(const Core& core, std::span<const cs_insn> insns) {
  BlockCost cost;
  int depth = 0;
  const cs_insn* before = nullptr;
  for (const cs_insn& insn : insns) {
    const InstructionCost own = core.cost(insn, before);
    ++cost.count.instructions;
    cost.count.cycles += own.cycles;
    cost.ends_conditionally = is_conditional(insn) && leads_elsewhere(insn);
    cost.taken_cycles = own.taken_cycles;
    cost.refill = own.refill;
    cost.uses_fpu |= insn.mnemonic[0] == 'v';
    if (own.is_lacking) note_lacking(cost, insn.address);
    depth -= added_to_stack_pointer(insn, cost.computes_stack_pointer);
    cost.deepest = std::max<int>(cost.deepest, depth);
    before = &insn;
  }
  return cost;
}

bool is_for_several_words(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_LDRD:
    case ARM_INS_STRD:
    case ARM_INS_LDREX:
    case ARM_INS_STREX:
    case ARM_INS_VLDR:
    case ARM_INS_VSTR:
      return true;
    default:
      return is_multiple(insn);
  }
}

// 0 to 12, 14; -1 for the rest.
int number_of_register(int reg) {
  if (reg >= ARM_REG_R0 && reg <= ARM_REG_R12) return reg - ARM_REG_R0;
  return reg == ARM_REG_LR ? 14 : -1;
}

}  // namespace

BlockCost cost_of_block(const Core& core, std::span<const std::uint8_t> code, std::uint32_t address) {
  return disassembler().read(code, address, 0, [&](std::span<const cs_insn> insns) {
    BlockCost cost = sum_of(core, insns);
    const std::uint64_t read_to = insns.empty() ? address : insns.back().address + insns.back().size;
    if (read_to != address + code.size()) note_lacking(cost, read_to);  // Capstone knows no such instruction
    const bool begins_wide = !insns.empty() && insns[0].size == 4;
    const auto& [in_a_word, across_words] = core.wide_target_refill;
    if (begins_wide) cost.least_refill = address % 4 == 0 ? in_a_word : across_words;
    return cost;
  });
}

std::string disassemble(std::span<const std::uint8_t> code, std::uint32_t address) {
  return disassembler().read(code, address, 1, [&](std::span<const cs_insn> insns) {
    if (!insns.empty()) return fmt::format("{} {}", insns[0].mnemonic, insns[0].op_str);
    return code.size() >= 2 ? fmt::format("0x{:02x}{:02x}", code[1], code[0]) : std::string();
  });
}

int aligned_base(std::span<const std::uint8_t> code, std::uint32_t address) {
  return disassembler().read(code, address, 1, [&](std::span<const cs_insn> insns) {
    if (insns.empty() || !is_for_several_words(insns[0])) return -1;
    if (is_multiple(insns[0])) return number_of_register(operands(insns[0])[0].reg);
    for (const cs_arm_op& op : operands(insns[0]))
      if (op.type == ARM_OP_MEM) return number_of_register(op.mem.base);
    return -1;
  });
}

}  // namespace dragonet
