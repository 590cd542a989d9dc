#include "board/cortex_m0_cycles.h"

#include <capstone/capstone.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

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

  template <typename Use>  // use(const cs_insn&), for each instruction up to the first that is none
  void for_each(std::span<const std::uint8_t> code, std::uint32_t address, Use use) const {
    const std::unique_ptr<cs_insn, void (*)(cs_insn*)> insn(cs_malloc(handle_), [](cs_insn* i) { cs_free(i, 1); });
    const std::uint8_t* at = code.data();
    std::size_t left = code.size();
    std::uint64_t next = address;
    while (cs_disasm_iter(handle_, &at, &left, &next, insn.get())) use(*insn);
  }

 private:
  csh handle_ = 0;
};

const Disassembler& disassembler() {
  thread_local const Disassembler shared;
  return shared;
}

std::span<const cs_arm_op> operands(const cs_insn& insn) {
  return {insn.detail->arm.operands, insn.detail->arm.op_count};
}

bool lists(const cs_insn& insn, arm_reg reg) {
  return std::ranges::any_of(operands(insn),
                             [&](const cs_arm_op& op) { return op.type == ARM_OP_REG && op.reg == reg; });
}

bool writes(const cs_insn& insn, arm_reg reg) {
  const auto ops = operands(insn);
  return !ops.empty() && ops[0].type == ARM_OP_REG && ops[0].reg == reg;
}

bool is_conditional(const cs_insn& insn) { return insn.id == ARM_INS_B && insn.detail->arm.cc != ARM_CC_AL; }

// ARMv6-M has six instructions of 32 bits, and not all of Thumb's of 16: ARMv6-M Architecture Reference Manual, DDI
// 0419, "32-bit Thumb instruction encoding" and appendix D. Unicorn 2.0.1 refuses most others, but runs CBZ and IT.
bool is_lacking(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_BL:
    case ARM_INS_MRS:
    case ARM_INS_MSR:
    case ARM_INS_DMB:
    case ARM_INS_DSB:
    case ARM_INS_ISB:
      return false;
    case ARM_INS_CBZ:
    case ARM_INS_CBNZ:
    case ARM_INS_IT:
      return true;
    default:
      return insn.size == 4;
  }
}

// N of "1 + N": the registers in the list, PC and LR among them.
unsigned listed(const cs_insn& insn) {
  const bool has_base = insn.id == ARM_INS_LDM || insn.id == ARM_INS_STM;
  return insn.detail->arm.op_count - has_base;
}

unsigned cycles_of(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_LDR:
    case ARM_INS_LDRB:
    case ARM_INS_LDRH:
    case ARM_INS_LDRSB:
    case ARM_INS_LDRSH:
    case ARM_INS_STR:
    case ARM_INS_STRB:
    case ARM_INS_STRH:
      return 2;
    case ARM_INS_LDM:
    case ARM_INS_STM:
    case ARM_INS_PUSH:
      return 1 + listed(insn);
    case ARM_INS_POP:
      return (lists(insn, ARM_REG_PC) ? 3 : 1) + listed(insn);
    case ARM_INS_B:
      return is_conditional(insn) ? 1 : 2;
    case ARM_INS_BL:
    case ARM_INS_MRS:
    case ARM_INS_MSR:
    case ARM_INS_DMB:
    case ARM_INS_DSB:
    case ARM_INS_ISB:
      return 3;
    case ARM_INS_BX:
    case ARM_INS_BLX:
    case ARM_INS_WFE:
    case ARM_INS_WFI:
      return 2;
    default:  // MOV PC and ADD PC refill the pipeline
      return writes(insn, ARM_REG_PC) ? 2 : 1;
  }
}

// Bytes added to the stack pointer, as far as the instruction alone says.
int added_to_stack_pointer(const cs_insn& insn, bool& computed) {
  if (insn.id == ARM_INS_PUSH) return -4 * static_cast<int>(listed(insn));
  if (insn.id == ARM_INS_POP) return 4 * static_cast<int>(listed(insn));
  if (!writes(insn, ARM_REG_SP) || insn.id == ARM_INS_CMP) return 0;
  const cs_arm_op& amount = operands(insn).back();
  const bool is_sum = insn.id == ARM_INS_ADD || insn.id == ARM_INS_SUB;
  computed |= !is_sum || amount.type != ARM_OP_IMM;
  if (!is_sum || amount.type != ARM_OP_IMM) return 0;
  return insn.id == ARM_INS_SUB ? -amount.imm : amount.imm;
}

}  // namespace

BlockCost cost_of_block(std::span<const std::uint8_t> code, std::uint32_t address) {
  BlockCost cost;
  int depth = 0;
  disassembler().for_each(code, address, [&](const cs_insn& insn) {
    ++cost.count.instructions;
    cost.count.cycles += cycles_of(insn);
    cost.ends_conditionally = is_conditional(insn);
    if (!cost.lacking && is_lacking(insn)) cost.lacking = static_cast<std::uint32_t>(insn.address);
    depth -= added_to_stack_pointer(insn, cost.computes_stack_pointer);
    cost.deepest = std::max<int>(cost.deepest, depth);
  });
  return cost;
}

std::string disassemble(std::span<const std::uint8_t> code, std::uint32_t address) {
  std::string text;
  disassembler().for_each(code, address, [&](const cs_insn& insn) {
    if (text.empty()) text = fmt::format("{} {}", insn.mnemonic, insn.op_str);
  });
  return text.empty() && code.size() >= 2 ? fmt::format("0x{:02x}{:02x}", code[1], code[0]) : text;
}

}  // namespace dragonet
