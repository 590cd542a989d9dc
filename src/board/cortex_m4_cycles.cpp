// Cycles of the Cortex-M4 with its FPU, without wait states, from its Technical Reference Manual (Arm 100166, formerly
// DDI 0439): "Table of processor instructions", "Load/store timings", "FPU instruction set table". Where that gives a
// range, this is what stands here, and docs/virtual-board.md what error it makes:
//   P, a pipeline refill of 1 to 3: 1 for a target within the instruction, which is fetched while the branch is
//   decoded; 2 for one in a register; 3 for one in memory ("LDR PC ... at least five cycles"). At least 2 for a target
//   of 32 bits, and 3 where that crosses a word (Core::wide_target_refill). Divisions, 2 to 12: 12. IT, which may be
//   folded away: 1. Instructions that an IT skips count as if they ran.
//   The manual has accesses with write-back stand alone; on silicon those behind a load pipeline as others do.

#include <array>
#include <string_view>

#include "board/core.h"
#include "board/instruction.h"

namespace dragonet {
namespace {

constexpr unsigned refill_immediate = 1, refill_register = 2, refill_memory = 3;

bool is_single_load(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_LDR:
    case ARM_INS_LDRB:
    case ARM_INS_LDRH:
    case ARM_INS_LDRSB:
    case ARM_INS_LDRSH:
    case ARM_INS_LDREX:
    case ARM_INS_LDREXB:
    case ARM_INS_LDREXH:
      return true;
    default:
      return false;
  }
}

bool is_single_store(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_STR:
    case ARM_INS_STRB:
    case ARM_INS_STRH:
    case ARM_INS_STREX:
    case ARM_INS_STREXB:
    case ARM_INS_STREXH:
      return true;
    default:
      return false;
  }
}

bool is_vector(const cs_insn& insn) { return insn.mnemonic[0] == 'v'; }

bool is_comparison(const cs_insn& insn) {
  return insn.id == ARM_INS_CMP || insn.id == ARM_INS_CMN || insn.id == ARM_INS_TST || insn.id == ARM_INS_TEQ;
}

const arm_op_mem* memory_of(const cs_insn& insn) {
  for (const cs_arm_op& op : operands(insn))
    if (op.type == ARM_OP_MEM) return &op.mem;
  return nullptr;
}

bool uses_in_address(const cs_insn& insn, int reg) {
  if (const arm_op_mem* memory = memory_of(insn)) return memory->base == reg || memory->index == reg;
  return is_multiple(insn) && writes(insn, reg);  // the base stands first
}

int destination(const cs_insn& insn) {
  const auto ops = operands(insn);
  return !ops.empty() && ops[0].type == ARM_OP_REG ? static_cast<int>(ops[0].reg) : ARM_REG_INVALID;
}

// "Any load or store that generates an address dependent on the result of a preceding data processing operation
// stalls".
bool waits_for_address(const cs_insn& insn, const cs_insn* before) {
  if (!before || is_vector(*before) || is_comparison(*before) || memory_of(*before) || is_multiple(*before))
    return false;
  if (before->id == ARM_INS_PUSH || before->id == ARM_INS_POP) return false;
  const int result = destination(*before);
  return result != ARM_REG_INVALID && uses_in_address(insn, result);
}

// A load whose result the next address does not need leaves the next load or store one cycle less. Base updates do not
// hinder that.
bool follows_pipelined_load(const cs_insn& insn, const cs_insn* before) {
  if (!before || !is_single_load(*before)) return false;
  const int loaded = destination(*before);
  return loaded != ARM_REG_PC && !uses_in_address(insn, loaded);
}

unsigned load_cycles(const cs_insn& insn, const cs_insn* before) {
  if (writes(insn, ARM_REG_PC)) return 2 + refill_memory;
  return 2 - follows_pipelined_load(insn, before) + waits_for_address(insn, before);
}

// With an immediate offset the store is done while the next instruction runs.
unsigned store_cycles(const cs_insn& insn, const cs_insn* before) {
  const arm_op_mem* memory = memory_of(insn);
  const bool has_index = memory && memory->index != ARM_REG_INVALID;
  return 1 + (has_index && !follows_pipelined_load(insn, before)) + waits_for_address(insn, before);
}

unsigned multiple_cycles(const cs_insn& insn, const cs_insn* before) {
  return 1 + words_listed(insn) + (lists(insn, ARM_REG_PC) ? refill_memory : 0) + waits_for_address(insn, before);
}

bool is_fused_or_chained(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_VMLA:
    case ARM_INS_VMLS:
    case ARM_INS_VNMLA:
    case ARM_INS_VNMLS:
    case ARM_INS_VFMA:
    case ARM_INS_VFMS:
    case ARM_INS_VFNMA:
    case ARM_INS_VFNMS:
      return true;
    default:
      return false;
  }
}

bool is_float_arithmetic(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_VADD:
    case ARM_INS_VSUB:
    case ARM_INS_VMUL:
    case ARM_INS_VNMUL:
    case ARM_INS_VDIV:
    case ARM_INS_VSQRT:
    case ARM_INS_VCVT:
    case ARM_INS_VCVTB:
    case ARM_INS_VCVTT:
    case ARM_INS_VCVTR:
      return true;
    default:
      return is_fused_or_chained(insn);
  }
}

// An arithmetic result takes a cycle longer if the next instruction consumes it; a multiply-add takes its addend later.
bool waits_for_result(const cs_insn& insn, const cs_insn* before) {
  if (!before || !is_float_arithmetic(*before)) return false;
  const bool reads_first = insn.id == ARM_INS_VSTR || insn.id == ARM_INS_VCMP || insn.id == ARM_INS_VCMPE;
  const auto ops = operands(insn);
  for (std::size_t i = reads_first ? 0 : 1; i < ops.size(); ++i)
    if (is_register(ops[i], destination(*before))) return true;
  return false;
}

bool is_double(const cs_insn& insn) {
  return std::ranges::any_of(operands(insn), [](const cs_arm_op& op) {
    return op.type == ARM_OP_REG && op.reg >= ARM_REG_D0 && op.reg <= ARM_REG_D31;
  });
}

unsigned float_cycles(const cs_insn& insn, const cs_insn* before) {
  switch (insn.id) {
    case ARM_INS_VDIV:
    case ARM_INS_VSQRT:
      return 14 + waits_for_result(insn, before);
    case ARM_INS_VLDR:
    case ARM_INS_VSTR:
      return (is_double(insn) ? 3 : 2) + waits_for_result(insn, before) + waits_for_address(insn, before);
    case ARM_INS_VLDMIA:
    case ARM_INS_VLDMDB:
    case ARM_INS_VSTMIA:
    case ARM_INS_VSTMDB:
      return 1 + words_listed(insn) + waits_for_address(insn, before);
    case ARM_INS_VPUSH:
    case ARM_INS_VPOP:
      return 1 + words_listed(insn);
    case ARM_INS_VMOV:  // two core registers and a double
      return (operands(insn).size() > 2 ? 2 : 1) + waits_for_result(insn, before);
    default:
      return (is_fused_or_chained(insn) ? 3 : 1) + waits_for_result(insn, before);
  }
}

unsigned refill_of(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_B:
    case ARM_INS_BL:
    case ARM_INS_CBZ:
    case ARM_INS_CBNZ:
      return refill_immediate;
    case ARM_INS_BX:
    case ARM_INS_BLX:
    case ARM_INS_MOV:  // MOV PC, ADD PC
    case ARM_INS_ADD:
      return refill_register;
    default:
      return refill_memory;
  }
}

unsigned cycles_of(const cs_insn& insn, const cs_insn* before) {
  if (is_vector(insn)) return float_cycles(insn, before);
  if (is_single_load(insn)) return load_cycles(insn, before);
  if (is_single_store(insn)) return store_cycles(insn, before);
  switch (insn.id) {
    case ARM_INS_LDM:
    case ARM_INS_LDMDB:
    case ARM_INS_STM:
    case ARM_INS_STMDB:
    case ARM_INS_PUSH:
    case ARM_INS_POP:
      return multiple_cycles(insn, before);
    case ARM_INS_LDRD:
    case ARM_INS_STRD:
      return 3 + waits_for_address(insn, before);
    case ARM_INS_UDIV:
    case ARM_INS_SDIV:
      return 12;
    case ARM_INS_B:
    case ARM_INS_BL:
    case ARM_INS_BX:
    case ARM_INS_BLX:
      return 1 + (is_conditional(insn) ? 0 : refill_of(insn));
    case ARM_INS_TBB:
    case ARM_INS_TBH:  // two for the load, one for the sum
      return 3 + refill_memory;
    case ARM_INS_ISB:
      return 1 + refill_memory;
    case ARM_INS_MRS:
    case ARM_INS_MSR:
    case ARM_INS_CPS:
      return 2;
    default:
      return 1 + (writes(insn, ARM_REG_PC) ? refill_of(insn) : 0);
  }
}

// Other conditional instructions that lead elsewhere are counted as if they always did.
unsigned taken_cycles(const cs_insn& insn) {
  return is_conditional(insn) && refill_of(insn) != refill_memory ? refill_of(insn) : 0;
}

bool moves_floats(const cs_insn& insn) {
  switch (insn.id) {
    case ARM_INS_VLDR:
    case ARM_INS_VSTR:
    case ARM_INS_VLDMIA:
    case ARM_INS_VLDMDB:
    case ARM_INS_VSTMIA:
    case ARM_INS_VSTMDB:
    case ARM_INS_VPUSH:
    case ARM_INS_VPOP:
    case ARM_INS_VMOV:
    case ARM_INS_VMRS:
    case ARM_INS_VMSR:
      return true;
    default:
      return false;
  }
}

bool is_quad(const cs_insn& insn) {
  return std::ranges::any_of(operands(insn), [](const cs_arm_op& op) {
    return op.type == ARM_OP_REG && op.reg >= ARM_REG_Q0 && op.reg <= ARM_REG_Q15;
  });
}

// FPv4-SP: doubles can be moved but not computed with, and vectors are not there. ARMv7-M Architecture Reference
// Manual, DDI 0403, A7.5 "Floating-point instruction encoding" and A2.5.
bool is_float_of_this_core(const cs_insn& insn) {
  if (is_quad(insn)) return false;
  if (insn.id == ARM_INS_VMOV) {
    const std::string_view name = insn.mnemonic;
    const std::string_view type = name.substr(std::min(name.find('.'), name.size()));
    return type.empty() || type == ".f32" || type == ".32";
  }
  if (moves_floats(insn)) return true;
  const bool is_simple = is_float_arithmetic(insn) || insn.id == ARM_INS_VABS || insn.id == ARM_INS_VNEG ||
                         insn.id == ARM_INS_VCMP || insn.id == ARM_INS_VCMPE;
  return is_simple && !is_double(insn);
}

// What other profiles have, and what came after ARMv7-M: its Architecture Reference Manual, chapter A7.
bool is_lacking(const cs_insn& insn) {
  if (is_vector(insn)) return !is_float_of_this_core(insn);
  const std::string_view name = insn.mnemonic;
  constexpr std::array others{"crc32", "lda", "stl", "setend", "smc", "hvc", "eret", "ldrexd", "strexd", "rfe", "srs"};
  return std::ranges::any_of(others, [&](const char* start) { return name.starts_with(start); }) ||
         (insn.id == ARM_INS_BLX && operands(insn)[0].type == ARM_OP_IMM);  // to Arm's 32-bit instructions
}

}  // namespace

InstructionCost cortex_m4_cost(const cs_insn& insn, const cs_insn* before) {
  return {.cycles = cycles_of(insn, before),
          .taken_cycles = taken_cycles(insn),
          .refill = refill_of(insn),
          .is_lacking = is_lacking(insn)};
}

}  // namespace dragonet
