#include "board/flash_cache.h"

#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/bare_fixture.h"

using namespace dragonet;

TEST_CASE("a line that is in the cache does not wait, and lines 64 bytes apart push each other out") {
  FlashCache cache({.wait_states = 1, .cache_lines = 8, .line_bytes = 8});
  CHECK(cache.read(0x100, 4) == 1);
  CHECK(cache.read(0x104, 4) == 0);
  CHECK(cache.read(0x106, 4) == 1);  // its second half is in the next line
  CHECK(cache.read(0x140, 1) == 1);
  CHECK(cache.read(0x100, 1) == 1);
  CHECK(cache.read(0x100, 64) == 6);  // two of its lines were there
}

static std::uint64_t waits_of(const std::string& assembly, int times) {
  const std::string loop = fmt::format(
      "ldr r7, ={}\nb 1f\n.ltorg\n.balign 64\n.space 56\n1:\n{}\nsubs r7, #1\nbeq 2f\nb 1b\n2:", times, assembly);
  return run_program("mkrzero", loop).count.wait_cycles;
}

// The loop begins on a border of 64 bytes; its own three instructions are 6 bytes.
TEST_CASE("a loop of 64 bytes runs from the cache, one of twice that waits for each line each time") {
  const std::string nops_58 = ".rept 29\nnop\n.endr", nops_122 = ".rept 61\nnop\n.endr";
  CHECK(waits_of(nops_58, 101) - waits_of(nops_58, 1) == 0);
  CHECK(waits_of(nops_122, 101) - waits_of(nops_122, 1) == 100 * 16);
}

TEST_CASE("data that is read from flash waits once for each line of 8 bytes") {
  const std::string next_word = "ldr r0, [r5]\nadds r5, #4";
  const auto waits = [&](int times) {
    return run_program("mkrzero",
                       fmt::format("ldr r7, ={}\nldr r5, =0x10010\nb 1f\n.ltorg\n.balign 64\n.space 56\n1:\n{}\n"
                                   "subs r7, #1\nbeq 2f\nb 1b\n2:",
                                   times, next_word))
        .count.wait_cycles;
  };
  // 12 words in lines 2 to 7 of the cache, whose lines 0 and 1 the loop itself has: the first brings its neighbour.
  CHECK(waits(12) - waits(1) == 5);
  CHECK(run_program("virtual-m4f", "ldr r0, [pc]").count.wait_cycles == 0);
}
