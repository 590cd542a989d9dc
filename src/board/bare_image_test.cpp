#include "board/bare_image.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/bare_fixture.h"

using namespace dragonet;

TEST_CASE("a bare program prints, asks for the time and ends by semihosting") {
  const BareRun run = run_program("virtual-m4f", R"(
    movs r0, #4
    ldr r1, =text+8
    bkpt #0xab
    movs r0, #3
    ldr r1, =text+8
    bkpt #0xab
    b over
    .ltorg
    text: .asciz "hallo"
    .align 2
    over:)");
  CHECK(run.printed == "halloh");
  CHECK(run.exit_status == 0);
}

TEST_CASE("semihosting's elapsed ticks are cycles, and their frequency the board's clock") {
  const BareRun run = run_program("virtual-m0plus", R"(
    sub sp, #16
    movs r0, #0x30
    mov r1, sp
    bkpt #0xab
    ldr r4, =1000
    1: subs r4, #1
    bne 1b
    movs r0, #0x30
    mov r1, sp
    adds r1, #8
    bkpt #0xab
    ldr r0, [sp]
    ldr r1, [sp, #8]
    subs r1, r0
    lsrs r1, #8
    movs r0, #3
    str r1, [sp]
    mov r1, sp
    bkpt #0xab
    movs r0, #0x31
    bkpt #0xab
    str r0, [sp]
    movs r0, #3
    mov r1, sp
    bkpt #0xab
    b 2f
    .ltorg
    2:)");
  REQUIRE(run.printed.size() == 2);
  CHECK(run.printed[0] == 3000 / 256);
  CHECK(static_cast<unsigned char>(run.printed[1]) == (48'000'000 & 0xFF));
}

TEST_CASE("a program's exit status is the one it gives") {
  const Board& board = find_board("mkrzero");
  const Bytes code = assemble(
      "movs r0, #0x20\nldr r1, =block+0x2008\nbkpt #0xab\n.ltorg\n.align 2\nblock: .word 0x20026, 7", board.core);
  CHECK(run_bare(program(board, code), board).exit_status == 7);
}

TEST_CASE("a semihosting call that is not known, and a program without an end, are refused") {
  const Board& board = find_board("mkrzero");
  CHECK_THAT(complaint_of(board, assemble("movs r0, #0x19\nbkpt #0xab", board.core)),
             Catch::Contains("asks the host for semihosting call 0x19"));
  CHECK_THAT(complaint_of(board, assemble("b .", board.core)), Catch::Contains("has run 10000000 instructions"));
}
