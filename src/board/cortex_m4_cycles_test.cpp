#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/bare_fixture.h"

using namespace dragonet;

namespace {

struct M4Loop {
  const char* name;
  const char* body;
  unsigned instructions, cycles;
};

// r4, r5: addresses in RAM; s1 to s3: 1.0. r7 counts. Around a body stand narrow instructions: 1 cycle for the NOP that
// the branch leads to, 1 for the subtraction, 2 for the branch.
const char* const m4_set_up = R"(
  ldr r0, =0xe000ed88
  mov r1, #0xf00000
  str r1, [r0]
  dsb
  isb
  vmov.f32 s1, #1.0
  vmov.f32 s2, #1.0
  vmov.f32 s3, #1.0
  ldr r4, =0x20000100
  ldr r5, =0x20000200
  adr r6, 8f
  adds r6, r6, #1
  b 9f
  .ltorg
  .align 2
  8: bx lr
  .align 2
  7: push {r0, lr}
  pop {r0, pc}
  .align 2
  9:)";

Count m4_loop(const std::string& body, int n) {
  return cost_of("virtual-m4f",
                 fmt::format("{}\nmov r7, #{}\n.balign 4\n1: nop\n{}\nsubs r7, #1\nbne 1b\n", m4_set_up, n, body));
}

}  // namespace

// By Arm 100166, tables 3-1 and 7-1 and "Load/store timings"; ranges as cortex_m4_cycles.cpp says.
TEST_CASE("every class of the Cortex-M4's instructions takes the cycles of its manual, a hundred times over") {
  for (const M4Loop& loop : {
           M4Loop{"nothing", "", 0, 0},
           M4Loop{"arithmetic", "add r0, r1, r2, lsl #3\nmovw r0, #9\nmovt r0, #1\nclz r1, r0\nbfi r1, r0, #1, #2", 5,
                  5},
           M4Loop{"products of 32 bits", "mul r0, r1, r2\nmla r0, r1, r2, r3\nmls r0, r1, r2, r3", 3, 3},
           M4Loop{"products of 64 bits", "umull r0, r1, r2, r3\nsmull r0, r1, r2, r3\nsmlal r0, r1, r2, r3", 3, 3},
           M4Loop{"two products at once", "smlad r0, r1, r2, r3\nsmuad r0, r1, r2\nsmlald r0, r1, r2, r3", 3, 3},
           M4Loop{"four bytes at once", "sxtb16 r0, r1\nuadd8 r0, r1, r2\nsel r0, r1, r2\nssat r0, #8, r1", 4, 4},
           M4Loop{"divisions", "udiv r0, r1, r2\nsdiv r0, r1, r2", 2, 24},
           M4Loop{"a load", "ldr r0, [r4]\nnop", 2, 3},
           M4Loop{"loads one after another", "ldr r0, [r4]\nldrb r1, [r5]\nldrsh r2, [r4, #4]\nnop", 4, 5},
           M4Loop{"a load whose address was loaded", "str r5, [r4]\nldr r0, [r4]\nldr r1, [r0]\nnop", 4, 1 + 2 + 2 + 1},
           M4Loop{"a load whose address was computed", "add r0, r4, #4\nldr r1, [r0]\nnop", 3, 1 + 3 + 1},
           M4Loop{"loads that move their address", "mov r2, r4\nnop\nldr r0, [r2], #4\nldr r1, [r2], #4\nnop", 5, 6},
           M4Loop{"a store", "str r0, [r4, #4]\nstrb r0, [r4]\nnop", 3, 3},
           M4Loop{"a store with an index", "mov r2, #4\nnop\nstr r0, [r4, r2]\nnop", 4, 5},
           M4Loop{"a store behind a load", "mov r2, #4\nnop\nldr r0, [r4]\nstr r0, [r5, r2]\nnop", 5, 6},
           M4Loop{"two words at once", "ldrd r0, r1, [r4]\nstrd r0, r1, [r5]\nnop", 3, 7},
           M4Loop{"several words", "ldm r4, {r0-r3}\nstm r5, {r0-r2}\npush {r0, r1}\npop {r0, r1}", 4, 5 + 4 + 3 + 3},
           M4Loop{"a branch", "b 2f\nnop\n2:", 1, 2},
           M4Loop{"a branch to a wide instruction across two words",
                  "b 2f\n.balign 4\nnop\n2: add.w r0, r0, #1\n.balign 4", 3, (1 + 3) + 1 + 1},
           M4Loop{"a branch to a wide instruction within a word", "b 2f\nnop\nnop\n2: add.w r0, r0, #1", 2,
                  (1 + 2) + 1},
           M4Loop{"a jump to a wide instruction across two words",
                  "adr.w r0, 2f\nadds r0, #1\nbx r0\n.balign 4\nnop\n2: add.w r0, r0, #1\n.balign 4", 5,
                  1 + 1 + (1 + 3) + 1 + 1},
           M4Loop{"a store that moves its address behind a load that does",
                  "mov r2, r4\nmov r3, r5\nldr r0, [r2], #4\nstr r1, [r3], #4\nnop", 5, 1 + 1 + 2 + 1 + 1},
           M4Loop{"conditional branches", "cmp r7, #0\nbeq 2f\nbne 2f\nnop\n2:", 3, 1 + 1 + 2},
           M4Loop{"compare and branch", "mov r0, #1\ncbz r0, 2f\ncbnz r0, 2f\nnop\n2:", 3, 1 + 1 + 2},
           M4Loop{"a call and its return", "bl 8b", 2, 2 + 3},
           M4Loop{"a call through a register", "blx r6", 2, 3 + 3},
           M4Loop{"a return that pops PC", "bl 7b", 3, 2 + 3 + (1 + 2 + 3)},
           M4Loop{"IT", "cmp r0, r0\nitt eq\nmoveq r1, r2\nmoveq r3, r2", 4, 4},
           M4Loop{"a jump by table", "mov r0, #0\ntbb [pc, r0]\n.byte 1, 1\n2:", 2, 1 + 6},
           M4Loop{"barriers", "dmb\ndsb\nisb", 3, 1 + 1 + 4},
           M4Loop{"special registers", "mrs r0, basepri\nmsr basepri, r0\ncpsid i\ncpsie i", 4, 8},
           M4Loop{"floats", "vadd.f32 s0, s1, s2\nvmul.f32 s4, s1, s2\nvabs.f32 s5, s1\nvmov s6, r0\nvcmp.f32 s1, s2",
                  5, 5},
           M4Loop{"a float that the next needs", "vadd.f32 s0, s1, s2\nvmul.f32 s4, s0, s2\nnop", 3, 1 + 2 + 1},
           M4Loop{"chained products", "vmla.f32 s0, s1, s2\nvfma.f32 s0, s1, s2\nnop", 3, 3 + 3 + 1},
           M4Loop{"quotient and root", "vdiv.f32 s0, s1, s2\nvsqrt.f32 s4, s1\nnop", 3, 14 + 14 + 1},
           M4Loop{"conversions", "vcvt.s32.f32 s0, s1\nvcvt.f32.u32 s4, s2\nnop", 3, 3},
           M4Loop{"float loads and stores", "vldr s0, [r4]\nvstr s1, [r5]\nvldr d0, [r4]\nvstr d1, [r5]", 4,
                  2 + 2 + 3 + 3},
           M4Loop{"several floats", "vldm r4, {s4-s7}\nvstm r5, {d2-d3}\nvpush {s4, s5}\nvpop {s4, s5}", 4,
                  5 + 5 + 3 + 3},
           M4Loop{"pairs of core registers", "vmov r0, r1, d1\nvmov d2, r0, r1\nvmrs r2, fpscr", 3, 2 + 2 + 1},
       }) {
    INFO(loop.name);
    const Count hundred = m4_loop(loop.body, 100), one = m4_loop(loop.body, 1);
    CHECK(hundred.instructions - one.instructions == 99 * (loop.instructions + 3));
    CHECK(hundred.cycles - one.cycles == 99 * (loop.cycles + 4));
  }
}

TEST_CASE("a Cortex-M4F refuses what it lacks: doubles, vectors, and what came later") {
  const Board& board = find_board("virtual-m4f");
  const auto complaint = [&](const std::string& extension, const std::string& instruction) {
    return complaint_of(board, assemble(m4_set_up + (".balign 4\n" + extension) + "\n" + instruction));
  };
  for (const char* instruction :
       {"vadd.f64 d0, d1, d2", "vmul.f64 d0, d1, d2", "vdiv.f64 d0, d1, d2", "vsqrt.f64 d0, d1", "vcvt.f64.f32 d0, s0",
        "vcmp.f64 d0, d1", "vmla.f64 d0, d1, d2", "vmov.f64 d0, d1", "vseleq.f32 s0, s1, s2", "vmaxnm.f32 s0, s1, s2",
        "vrintz.f32 s0, s1", "vcvta.s32.f32 s0, s1"}) {
    INFO(instruction);
    CHECK_THAT(complaint(".fpu fpv5-d16\n.arch armv7e-m", instruction), Catch::StartsWith("would run `"));
  }
  for (const char* instruction :
       {"vadd.i32 q0, q1, q2", "vmul.i16 d0, d1, d2", "vadd.f32 q0, q1, q2", "vld1.8 {d0}, [r4]", "vand d0, d1, d2",
        "vdup.32 d0, r0", "vmov.8 d0[0], r0", "vmov.i32 d0, #0", "ldrexd r0, r1, [r4]", "smc #0", "setend be"}) {
    INFO(instruction);
    CHECK_THAT(complaint(".arch armv7-a\n.arch_extension sec\n.fpu neon", instruction),
               Catch::StartsWith("would run `"));
  }
  for (const char* instruction : {"lda r0, [r4]", "stl r0, [r4]", "crc32b r0, r1, r2"}) {
    INFO(instruction);
    CHECK_THAT(complaint(".arch armv8-a\n.arch_extension crc", instruction), Catch::StartsWith("would run `"));
  }
  CHECK(complaint("", "vadd.f32 s0, s1, s2\nsmlad r0, r1, r2, r3\nudiv r0, r1, r2") == "");
}

TEST_CASE("the FPU must be turned on before it is used") {
  const Board& board = find_board("virtual-m4f");
  CHECK(complaint_of(board, assemble("vmov s0, r0")) == "uses the FPU, which is off after a reset");
  CHECK(complaint_of(board, assemble(m4_set_up + std::string("vmov s0, r0"))) == "");
}

TEST_CASE("a Cortex-M4F loads single words from any address, several only from multiples of 4") {
  const Board& board = find_board("virtual-m4f");
  const auto complaint = [&](const std::string& access) {
    return complaint_of(board, assemble(m4_set_up + ("add r4, r4, #2\n" + access)));
  };
  for (const char* access : {"ldm r4, {r0, r1}", "stm r4!, {r0, r1}", "ldrd r0, r1, [r4]", "strd r0, r1, [r4, #8]",
                             "vldr s0, [r4]", "vstr s0, [r4, #4]", "vldr d0, [r4]", "vldm r4!, {s0, s1}",
                             "vstm r4, {d0}", "ldrex r0, [r4]", "ldmdb r4!, {r0, r1}"}) {
    INFO(access);
    CHECK_THAT(complaint(access), Catch::EndsWith("is not aligned to its size"));
  }
  for (const char* access :
       {"ldr r0, [r4]", "str r0, [r4]", "ldrh r0, [r4, #1]", "strh r0, [r4, #1]", "sub r4, r4, #2\nldm r4, {r0, r1}"}) {
    INFO(access);
    CHECK(complaint(access) == "");
  }
}
