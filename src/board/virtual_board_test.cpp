#include <catch2/catch.hpp>

#include "board/tiny_model.h"

namespace dragonet {
namespace {

constexpr int rows = 4;
const std::string zeros(48, '0');

Count own_layer_of(const Counts& counts) {
  REQUIRE(counts.layers.size() == 3);
  REQUIRE(counts.layers[2].name == "layer_02_own");
  return counts.layers[2].count;
}

Counts counts_of_inference(VirtualBoard& board, const std::string& command = "infer 1 0") {
  board.clear_counts();
  board.send(command);
  return board.counts();
}

// Counts of one call of the third layer, made of this assembly.
Count count_of(const std::string& assembly) {
  const TinyFirmware firmware({.own_layer = assembly});
  VirtualBoard board = firmware.start();
  load(board, zeros);
  const Count four = own_layer_of(counts_of_inference(board));
  CHECK(four.instructions % rows == 0);
  return {four.instructions / rows, four.cycles / rows};
}

// What the board says of the third layer's assembly when it runs.
std::string complaint_about(const std::string& assembly) {
  const TinyFirmware firmware({.own_layer = assembly});
  VirtualBoard board = firmware.start();
  load(board, zeros);
  try {
    board.send("infer 1 0");
    return "nothing";
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 1);
    CHECK_THAT(error.problems[0].where, Catch::StartsWith("virtual board mkrzero, in tiny::layer_02_own at 0x0000") &&
                                            Catch::EndsWith(", in layer_02_own"));
    CHECK(!error.problems[0].next.empty());
    return error.problems[0].what;
  }
}

}  // namespace

// Hand counts by Arm DDI 0484, table 3-1.
TEST_CASE("A loop costs what the processor's manual says, its last branch one cycle less") {
  const Count count = count_of(
      "movs r0, #100\n"   // 1
      "1: subs r0, #1\n"  // 100 times 1
      "bne 1b\n"          // 99 times 2, then 1
      "bx lr\n");         // 2
  CHECK(count.instructions == 202);
  CHECK(count.cycles == 1 + 100 + 99 * 2 + 1 + 2);
}

TEST_CASE("Loads, stores, multiplications, calls and barriers cost what the processor's manual says") {
  const Count count = count_of(
      "push {r4, r5, lr}\n"   // 1 + 3
      "sub sp, #16\n"         // 1
      "mov r4, sp\n"          // 1
      "movs r5, #7\n"         // 1
      "muls r5, r5\n"         // 1
      "str r5, [r4, #4]\n"    // 2
      "ldrb r5, [r4, #4]\n"   // 2
      "ldrh r5, [r4]\n"       // 2
      "ldm r4!, {r0-r3}\n"    // 1 + 4
      "subs r4, #16\n"        // 1
      "stm r4!, {r0, r1}\n"   // 1 + 2
      "bl 2f\n"               // 3
      "dmb\n"                 // 3
      "mrs r0, primask\n"     // 3
      "b 3f\n"                // 2
      "2: bx lr\n"            // 2
      "3: add sp, #16\n"      // 1
      "pop {r4, r5, pc}\n");  // 3 + 3
  CHECK(count.instructions == 18);
  CHECK(count.cycles == 4 + 1 + 1 + 1 + 1 + 2 + 2 + 2 + 5 + 1 + 3 + 3 + 3 + 3 + 2 + 2 + 1 + 6);
}

TEST_CASE("Counts repeat exactly, from one inference and from one board to the next") {
  const TinyFirmware firmware;
  VirtualBoard board = firmware.start(), another = firmware.start();
  load(board, zeros);
  load(another, "0123456789abcdef0123456789abcdef0123456789abcdef");
  const Counts once = counts_of_inference(board);
  CHECK(once.inference.cycles > 100);
  CHECK(counts_of_inference(board).inference.cycles == once.inference.cycles);
  CHECK(counts_of_inference(board, "infer 5 2").inference.instructions == 7 * once.inference.instructions);
  CHECK(counts_of_inference(another).inference.cycles == once.inference.cycles);
}

TEST_CASE("Layers, the model around them and features add up, and the protocol is none of them") {
  const TinyFirmware firmware({.streamed = true});
  VirtualBoard board = firmware.start();
  board.send("help");
  CHECK(board.counts().inference.instructions == 0);
  load(board, zeros);
  const Counts plain = board.counts();
  CHECK(plain.features.cycles == 0);
  CHECK(plain.layers[0].name == "layer_00_sum");
  CHECK(plain.layers[1].name == "layer_01_xor");
  CHECK(plain.layers[2].count.instructions == rows);  // its one bx lr
  CHECK(plain.layers[2].count.cycles == 2 * rows);
  std::uint64_t in_layers = 0;
  for (const LayerCount& layer : plain.layers) in_layers += layer.count.cycles;
  CHECK(plain.inference.cycles > in_layers);

  board.clear_counts();
  board.send("image 6 4");
  for (int y = 0; y < rows; ++y) board.send("px 808080808080");
  const Counts picture = board.counts();
  CHECK(picture.features.cycles > 1000);  // 24 pixels of about fifty instructions
  for (int layer = 0; layer < 3; ++layer) CHECK(picture.layers[layer].count.cycles == plain.layers[layer].count.cycles);
}

TEST_CASE("A Cortex-M0+ board refuses what a Cortex-M0+ lacks") {
  const std::vector<std::pair<std::string, std::string>> lacking{
      {"0xfbb0, 0xf0f1", "udiv"},  {"0xf240, 0x0001", "movw"},  {"0xf04f, 0x0001", "mov.w"},
      {"0xfb20, 0x2001", "smlad"}, {"0xfba0, 0x2301", "umull"}, {"0xee30, 0x0a00", "vadd.f32"},
      {"0xb100", "cbz"},           {"0xbf08", "it eq"}};
  for (const auto& [halfwords, instruction] : lacking) {
    const std::string complaint = complaint_about(".short " + halfwords + "\nbx lr");
    CHECK_THAT(complaint,
               Catch::StartsWith("would run `" + instruction) && Catch::EndsWith("which a Cortex-M0+ lacks"));
  }
}

TEST_CASE("A misaligned load or store is a fault that names the instruction") {
  CHECK_THAT(complaint_about("adds r0, #1\nldr r1, [r0]\nbx lr"),
             Catch::Equals("the address of `ldr r1, [r0]` is not aligned to its size"));
  CHECK_THAT(complaint_about("mov r1, sp\nadds r1, #1\nstrh r1, [r1]\nbx lr"), Catch::Contains("`strh r1, [r1]`"));
}

TEST_CASE("A touch of what is neither flash, RAM nor a known register names the address") {
  const auto touch = [](const std::string& address, const std::string& instruction) {
    return complaint_about("ldr r1, =" + address + "\n" + instruction + "\nbx lr\n.ltorg");
  };
  CHECK(touch("0x30000000", "ldr r0, [r1]") ==
        "reads 4 bytes at 0x30000000, where the board has neither memory nor a register that is known here");
  CHECK(touch("0x20008000", "strb r0, [r1]") ==
        "writes 1 bytes at 0x20008000, where the board has neither memory nor a register that is known here");
  CHECK(touch("0x1fffffff", "ldrb r0, [r1]") ==
        "reads 1 bytes at 0x1fffffff, where the board has neither memory nor a register that is known here");
  CHECK(touch("0x42001c30", "str r0, [r1]") ==
        "writes 4 bytes at 0x42001c30, where the virtual board knows no such register");
  CHECK(touch("0x3000", "str r0, [r1]") == "writes 4 bytes to flash at 0x00003000");
}

TEST_CASE("Code outside flash, an exception and a breakpoint stop the board") {
  CHECK_THAT(complaint_about("mov r1, sp\nadds r1, #1\n.short 0x4708"),  // bx r1
             Catch::StartsWith("jumps to 0x20007") && Catch::EndsWith("which is not flash"));
  CHECK_THAT(complaint_about("svc #0\nbx lr"), Catch::StartsWith("asks for exception 2"));
  CHECK_THAT(complaint_about("bkpt #0\nbx lr"), Catch::StartsWith("stops at a breakpoint"));
  CHECK_THAT(complaint_about("wfi\nbx lr"), Catch::StartsWith("stops and waits for an interrupt"));
}

TEST_CASE("A firmware that never waits for input again is stopped") {
  const TinyFirmware firmware({.own_layer = "b ."});
  VirtualBoard board = firmware.start();
  board.limit_instructions(1'000'000);
  load(board, zeros);
  CHECK_THROWS_WITH(board.send("infer 1 0"), Catch::Contains("in layer_02_own: has run 1000000 instructions"));
}

TEST_CASE("A stack that would run into the variables is stopped, by how much is said") {
  const TinyFirmware firmware({.own_layer = "ldr r1, =-40000\nadd sp, r1\npush {r4}\nbx lr\n.ltorg"});
  VirtualBoard board = firmware.start();
  load(board, zeros);
  try {
    board.send("infer 1 0");
    FAIL("it ran");
  } catch (const Error& error) {
    CHECK_THAT(error.what(),
               Catch::Contains("layer_02_own") && Catch::Contains("bytes below the stack's limit 0x20000"));
  }
}

// Pushes down to exactly this address. In numbers, because build_firmware refuses a loop that is known to push.
static std::string fill_stack_down_to(std::uint32_t lowest) {
  return fmt::format(
      "mov r2, sp\nldr r1, ={}\n"
      "1: .short 0xb402\n"  // push {{r1}}
      "mov r3, sp\ncmp r3, r1\nbne 1b\n"
      ".short 0x4695\n"  // mov sp, r2
      "bx lr\n.ltorg",
      lowest);
}

TEST_CASE("The stack may be used to its last word and no further, and its high-water mark shows it") {
  // Variables lie the same in all three: the layer's code is in flash.
  const TinyFirmware plain;
  VirtualBoard first = plain.start();
  const std::uint32_t top = 0x20008000, limit = top - (32768 - (plain.image().ram.total - plain.image().ram.stack));
  const std::uint32_t unused = first.stack_used();
  CHECK(unused > 0);
  CHECK(unused < 512);

  const TinyFirmware full({.own_layer = fill_stack_down_to(limit)});
  VirtualBoard second = full.start();
  load(second, zeros);
  second.send("infer 1 0");
  CHECK(second.stack_used() == top - limit);

  const TinyFirmware over({.own_layer = fill_stack_down_to(limit - 4)});
  VirtualBoard third = over.start();
  load(third, zeros);
  CHECK_THROWS_WITH(third.send("infer 1 0"), Catch::Contains("runs 4 bytes below the stack's limit"));
}

TEST_CASE("The stack that runs use is at most what the call graph says, and not much less") {
  const TinyFirmware firmware;
  VirtualBoard board = firmware.start();
  load(board, zeros);
  board.send("infer 2 1");
  board.send("results");
  board.send("image 6 4");
  for (int y = 0; y < rows; ++y) board.send("px 808080808080");
  CHECK(board.stack_used() <= firmware.image().ram.stack);
  CHECK(board.stack_used() + 64 >= firmware.image().ram.stack);
}

TEST_CASE("Microseconds are cycles of a 48 MHz clock") {
  const TinyFirmware firmware({.own_layer = "ldr r0, =12000000\n1: subs r0, #1\nbne 1b\nbx lr\n.ltorg"});
  VirtualBoard board = firmware.start();
  load(board, zeros);
  const std::string answer = board.send("infer 1 0");  // 4 rows of 36 million cycles are 3 s
  std::uint32_t first = 0, second = 0;
  REQUIRE(std::sscanf(answer.c_str() + answer.find("m-lap"), "m-lap-us-%u\r\nm-lap-us-%u", &first, &second) == 2);
  CHECK(second - first >= 3'000'000);
  CHECK(second - first < 3'000'500);
}

TEST_CASE("A board that has failed says so again, and runs no further") {
  const TinyFirmware firmware({.own_layer = "bkpt #0"});
  VirtualBoard board = firmware.start();
  load(board, zeros);
  CHECK_THROWS_WITH(board.send("infer 1 0"), Catch::Contains("breakpoint"));
  CHECK_THROWS_WITH(board.send("name"), Catch::Contains("breakpoint"));
}

TEST_CASE("A board with a chip that is not known is refused") {
  const TinyFirmware firmware;
  Board other = find_board("mkrzero");
  other.chip = "z80";
  CHECK_THROWS_WITH(VirtualBoard(other, firmware.image()), Catch::Contains("there is no chip of this name"));
}

TEST_CASE("An image too large for the board is refused with a reason") {
  const TinyFirmware large({.own_layer = "bx lr\n.space 300000"});
  CHECK_THROWS_WITH(large.start(), Catch::Contains("lies outside the flash that Arduino MKR Zero leaves"));
}

}  // namespace dragonet
