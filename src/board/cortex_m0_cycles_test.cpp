#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/bare_fixture.h"

using namespace dragonet;

namespace {

struct Loop {
  const char* name;
  const char* before;  // once
  const char* body;    // each of 100 times
  unsigned instructions, cycles;
};

// r7 counts, so that it costs the same whatever the body does: 1 for the subtraction, 2 for the branch taken.
void check_loop(const std::string& board, const Loop& loop, unsigned overhead_cycles) {
  INFO(board << ": " << loop.name);
  const auto times = [&](const std::string& body, int n) {
    return cost_of(board,
                   fmt::format("{}\n9: movs r7, #{}\n.align 2\n1:\n{}\nsubs r7, #1\nbne 1b\n", loop.before, n, body));
  };
  const Count hundred = times(loop.body, 100), one = times(loop.body, 1);
  CHECK(hundred.instructions - one.instructions == 99 * (loop.instructions + 2));
  CHECK(hundred.cycles - one.cycles == 99 * (loop.cycles + overhead_cycles));
}

}  // namespace

// By Arm DDI 0484, table 3-1, with a single-cycle multiplier.
TEST_CASE("every class of the Cortex-M0+'s instructions takes the cycles of its manual, a hundred times over") {
  const char* const at_ram = "ldr r4, =0x20000100\nb 9f\n.ltorg\n9:";
  for (const Loop& loop : {
           Loop{"nothing", "nop", "", 0, 0},
           Loop{"arithmetic", "nop", "adds r0, r1, r2\nlsls r0, r0, #3\nmvns r1, r0\nuxtb r1, r1\nrev r2, r1", 5, 5},
           Loop{"multiplication", "nop", "muls r0, r1", 1, 1},
           Loop{"loads", at_ram, "ldr r0, [r4]\nldrb r0, [r4, #1]\nldrh r0, [r4, #2]\nldr r0, [r4, #8]", 4, 8},
           Loop{"the stack", "nop", "push {r0}\nldr r0, [sp]\nstr r0, [sp]\npop {r1}", 4, 8},
           Loop{"loads that extend a sign", at_ram, "movs r1, #0\nldrsb r0, [r4, r1]\nldrsh r0, [r4, r1]", 3, 5},
           Loop{"a literal", "nop", "ldr r0, 8f\nb 7f\n.align 2\n8: .word 1\n7:", 2, 4},
           Loop{"stores", at_ram, "str r0, [r4]\nstrb r0, [r4, #1]\nstrh r0, [r4, #2]", 3, 6},
           Loop{"loads of several", at_ram, "mov r6, r4\nldm r6!, {r0-r3}", 2, 6},
           Loop{"stores of several", at_ram, "mov r6, r4\nstm r6!, {r0, r1, r2}", 2, 5},
           Loop{"push and pop", "nop", "push {r0, r1, lr}\npop {r0, r1}\npop {r0}", 3, 4 + 3 + 2},
           Loop{"a call and its return", "b 9f\n5: bx lr", "bl 5b", 2, 3 + 2},
           Loop{"a call through a register", "adr r5, 5f\nadds r5, #1\nb 9f\n.align 2\n5: bx lr", "blx r5", 2, 2 + 2},
           Loop{"a return that pops PC", "b 9f\n5: push {r0, lr}\npop {r0, pc}", "bl 5b", 3, 3 + 3 + 5},
           Loop{"a branch", "nop", "b 2f\nnop\n2:", 1, 2},
           Loop{"a conditional branch, taken", "nop", "cmp r7, #0\nbne 2f\nnop\n2:", 2, 1 + 2},
           Loop{"a conditional branch, not taken", "nop", "cmp r7, #0\nbeq 2f\n2:", 2, 1 + 1},
           Loop{"writes to PC", "nop", "mov r0, pc\nadds r0, #4\nmov pc, r0\n.align 2", 3, 1 + 1 + 2},
           Loop{"barriers", "nop", "dmb\ndsb\nisb", 3, 9},
           Loop{"special registers", "nop", "mrs r0, primask\nmsr primask, r0", 2, 6},
           Loop{"interrupts on and off", "nop", "cpsid i\ncpsie i", 2, 2},
       })
    for (const char* board : {"mkrzero", "virtual-m0plus"}) check_loop(board, loop, 3);
}

TEST_CASE("a Cortex-M0+ refuses each instruction of larger cores") {
  const Board& board = find_board("mkrzero");
  for (const char* instruction : {"mov.w r0, #1",
                                  "movw r0, #1",
                                  "movt r0, #1",
                                  "add.w r0, r1, r2",
                                  "addw r0, r1, #9",
                                  "adr.w r0, 1f\n.align 2\n1:",
                                  "lsl.w r0, r1, #3",
                                  "lsl.w r0, r1, r2",
                                  "and.w r0, r1, #1",
                                  "orn r0, r1, r2",
                                  "rsb.w r0, r1, #3",
                                  "teq r0, r1",
                                  "mul.w r0, r1, r2",
                                  "mla r0, r1, r2, r3",
                                  "mls r0, r1, r2, r3",
                                  "umull r0, r1, r2, r3",
                                  "smull r0, r1, r2, r3",
                                  "umlal r0, r1, r2, r3",
                                  "udiv r0, r1, r2",
                                  "sdiv r0, r1, r2",
                                  "smlad r0, r1, r2, r3",
                                  "smuad r0, r1, r2",
                                  "smlabb r0, r1, r2, r3",
                                  "smmul r0, r1, r2",
                                  "sxtb16 r0, r1",
                                  "uxtab r0, r1, r2",
                                  "sadd8 r0, r1, r2",
                                  "qadd r0, r1, r2",
                                  "ssat r0, #8, r1",
                                  "usat r0, #8, r1",
                                  "sel r0, r1, r2",
                                  "pkhbt r0, r1, r2",
                                  "bfi r0, r1, #3, #4",
                                  "ubfx r0, r1, #3, #4",
                                  "clz r0, r1",
                                  "rbit r0, r1",
                                  "rev.w r0, r1",
                                  "ldr.w r0, [sp, #4]",
                                  "ldrb.w r0, [sp]",
                                  "ldrd r0, r1, [sp]",
                                  "strd r0, r1, [sp, #-8]!",
                                  "ldr r0, [sp], #4",
                                  "ldmdb sp, {r0, r1}",
                                  "ldm.w sp, {r0, r9}",
                                  "stmdb sp!, {r0, r9}",
                                  "ldrex r0, [sp]",
                                  "strex r0, r1, [sp]",
                                  "clrex",
                                  "pld [sp]",
                                  "tbb [pc, r0]",
                                  "b.w 1f\n1:",
                                  "beq.w 1f\n1:",
                                  "cbz r0, 1f\nnop\n1:",
                                  "cbnz r0, 1f\nnop\n1:",
                                  "it eq\nmoveq r0, #1",
                                  "nop.w",
                                  "cpsid f",
                                  "mrs r0, basepri",
                                  "msr faultmask, r0",
                                  "vadd.f32 s0, s1, s2",
                                  "vldr s0, [sp]",
                                  "vmov s0, r0",
                                  "vmrs r0, fpscr"}) {
    INFO(instruction);
    CHECK_THAT(complaint_of(board, assemble(instruction)),
               Catch::StartsWith("would run `") && Catch::Contains("which a Cortex-M0+ lacks"));
  }
}

TEST_CASE("a Cortex-M0+ refuses every unaligned access of more than a byte") {
  const Board& board = find_board("mkrzero");
  for (const char* access : {"ldr r0, [r4]", "str r0, [r4]", "ldrh r0, [r4]", "strh r0, [r4]", "ldrsh r0, [r4, r5]",
                             "ldm r4!, {r0, r1}", "stm r4!, {r0, r1}"}) {
    INFO(access);
    const std::string code = std::string("ldr r4, =0x20000101\nmovs r5, #0\nb 1f\n.ltorg\n1: ") + access;
    CHECK_THAT(complaint_of(board, assemble(code, "cortex-m0plus")), Catch::Contains("is not aligned to its size"));
  }
  CHECK(complaint_of(board, assemble("ldr r4, =0x20000101\nldrb r0, [r4]\nstrb r0, [r4]\nb 1f\n.ltorg\n1:",
                                     "cortex-m0plus")) == "");
}
