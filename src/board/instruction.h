// Capstone's instructions, and the few questions that all who read them ask.
#pragma once

#include <capstone/capstone.h>

#include <algorithm>
#include <span>

namespace dragonet {

inline std::span<const cs_arm_op> operands(const cs_insn& insn) {
  return {insn.detail->arm.operands, insn.detail->arm.op_count};
}

inline bool is_register(const cs_arm_op& op, int reg) { return op.type == ARM_OP_REG && op.reg == reg; }

inline bool lists(const cs_insn& insn, int reg) {
  return std::ranges::any_of(operands(insn), [&](const cs_arm_op& op) { return is_register(op, reg); });
}

/// True of the first operand, which is where the result goes, except in stores and comparisons.
inline bool writes(const cs_insn& insn, int reg) {
  const auto ops = operands(insn);
  return !ops.empty() && is_register(ops[0], reg);
}

inline bool is_multiple(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_LDM:
    case ARM_INS_LDMDB:
    case ARM_INS_STM:
    case ARM_INS_STMDB:
    case ARM_INS_VLDMIA:
    case ARM_INS_VLDMDB:
    case ARM_INS_VSTMIA:
    case ARM_INS_VSTMDB:
      return true;
    default:
      return false;
  }
}

/// The registers that a load or store of several registers lists, with PC and LR, but without the base register.
inline std::span<const cs_arm_op> register_list(const cs_insn& insn) {
  return operands(insn).subspan(is_multiple(insn) ? 1 : 0);
}

/// In words of 32 bits: a D register is two.
inline unsigned words_listed(const cs_insn& insn) {
  unsigned words = 0;
  for (const cs_arm_op& op : register_list(insn)) words += op.reg >= ARM_REG_D0 && op.reg <= ARM_REG_D31 ? 2 : 1;
  return words;
}

inline bool is_conditional(const cs_insn& insn) {
  return insn.detail->arm.cc != ARM_CC_AL || insn.id == ARM_INS_CBZ || insn.id == ARM_INS_CBNZ;
}

}  // namespace dragonet
