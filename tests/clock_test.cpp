// The time that a run is said to take, as other programs read it.
#include <catch2/catch.hpp>

#include "ops/op_test.h"
#include "program.h"
#include "tflite/tflite.h"

using namespace dragonet;

TEST_CASE("run --json gives cycles, what the flash adds, and the time of both") {
  const TemporaryFolder home;
  testing::RandomModels random(81);
  write_file(home.path() / "m.tflite", serialize_tflite(random.chain()));
  const auto timed = [&](const std::string& board) {
    return testing::json_of(home.path(), "run m.tflite --board " + board);
  };
  const nlohmann::json zero = timed("mkrzero");
  const double cycles = zero["cycles"], waits = zero["wait_cycles"];
  CHECK(waits > 0);
  CHECK(waits < cycles);
  CHECK(zero["ms"].get<double>() == Approx((cycles + waits) / 48'000));
  CHECK(zero["cycles_max"] >= zero["cycles"]);
  std::uint64_t instructions = 0, of_layers = 0;
  for (const nlohmann::json& layer : zero["layers"]) {
    CHECK(layer.contains("name"));
    CHECK(layer.contains("op"));
    CHECK(layer.contains("macs"));
    instructions += layer["instructions"].get<std::uint64_t>();
    of_layers += layer["cycles"].get<std::uint64_t>();
  }
  CHECK(instructions > 0);
  CHECK(instructions <= zero["instructions"]);
  CHECK(of_layers <= zero["cycles"]);

  const nlohmann::json m4 = timed("virtual-m4f");
  CHECK(m4["wait_cycles"] == 0);
  CHECK(m4["cycles"] < zero["cycles"]);
}

TEST_CASE("run --image runs any bare program, with its exit status") {
  const TemporaryFolder home;
  write_file(home.path() / "p.s", R"(.syntax unified
.cpu cortex-m0plus
.thumb
.word 0x20004000, 9
movs r0, #4
ldr r1, =text
bkpt #0xab
movs r0, #0x20
ldr r1, =block
bkpt #0xab
.ltorg
text: .asciz "hello\n"
.align 2
block: .word 0x20026, STATUS
)");
  for (const int status : {0, 3}) {
    const std::string flag = "--defsym STATUS=" + std::to_string(status);
    REQUIRE(run_process({"sh", "-c",
                         "cd " + home.path().string() + " && arm-none-eabi-as " + flag +
                             " p.s -o p.o && arm-none-eabi-ld -Ttext 0 p.o -o p.elf"})
                .status == 0);
    const nlohmann::json ran =
        testing::json_of(home.path(), "run --image p.elf --board virtual-m0plus", status == 0 ? 0 : 1);
    CHECK(ran["printed"] == "hello\n");
    CHECK(ran["exit_status"] == status);
    CHECK(ran["instructions"] == 6);
    CHECK(ran["cycles"] == 8);  // two literals of 2
  }
}
