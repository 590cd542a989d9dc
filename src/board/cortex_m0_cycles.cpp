// Cycles of the Cortex-M0+ without wait states, from its Technical Reference Manual (Arm DDI 0484, section 3.3,
// "Instruction set summary") with the single-cycle multiplier that the SAM D21 has (DS40001882, "Cortex-M0+
// Configuration"). Its two-stage pipeline makes every instruction's time its own, but for a conditional branch: 1, or 2
// if it is taken.

#include "board/core.h"
#include "board/instruction.h"

namespace dragonet {
namespace {

bool names_masks_of_larger_cores(const cs_insn& insn) {
  return std::ranges::any_of(operands(insn), [](const cs_arm_op& op) {
    return op.type == ARM_OP_SYSREG &&
           (op.reg == ARM_SYSREG_BASEPRI || op.reg == ARM_SYSREG_BASEPRI_MAX || op.reg == ARM_SYSREG_FAULTMASK);
  });
}

// ARMv6-M has six instructions of 32 bits, and not all of Thumb's of 16: ARMv6-M Architecture Reference Manual, DDI
// 0419, "32-bit Thumb instruction encoding" and appendix D. Unicorn 2.0.1 refuses most others, but runs CBZ and IT.
bool is_lacking(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_MRS:
    case ARM_INS_MSR:
      return names_masks_of_larger_cores(insn);
    case ARM_INS_BL:
    case ARM_INS_DMB:
    case ARM_INS_DSB:
    case ARM_INS_ISB:
      return false;
    case ARM_INS_CBZ:
    case ARM_INS_CBNZ:
    case ARM_INS_IT:
    case ARM_INS_SETEND:
      return true;
    case ARM_INS_CPS:  // there is no FAULTMASK to set
      return std::string_view(insn.op_str).find('f') != std::string_view::npos;
    default:
      return insn.size == 4;
  }
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
      return 1 + words_listed(insn);
    case ARM_INS_POP:
      return (lists(insn, ARM_REG_PC) ? 3 : 1) + words_listed(insn);
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

}  // namespace

InstructionCost cortex_m0_cost(const cs_insn& insn, const cs_insn*) {
  return {.cycles = cycles_of(insn), .taken_cycles = is_conditional(insn) ? 1u : 0u, .is_lacking = is_lacking(insn)};
}

}  // namespace dragonet
