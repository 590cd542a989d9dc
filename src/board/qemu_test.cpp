// A second emulator's opinion: the emitted code of random networks as a bare image, the same bytes here and in QEMU,
// whose outputs and number of instructions must be equal. QEMU executes one instruction at a time and logs each.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/process.h"
#include "board/bare_image.h"
#include "board/core.h"
#include "compile/compile.h"
#include "ops/op_test.h"

using namespace dragonet;
using namespace dragonet::testing;

namespace {

// QEMU's micro:bit has 256 KB and 16 KB, its MPS2 more; made-up boards have both.
const char* const qemu_script = R"(
MEMORY {
  FLASH (rx) : ORIGIN = 0, LENGTH = 256K
  RAM (rwx) : ORIGIN = 0x20000000, LENGTH = 16K
}
ENTRY(Reset_Handler)
SECTIONS {
  .text : { KEEP(*(.vectors)) *(.text*) *(.rodata*) . = ALIGN(4); } > FLASH
  .data : { __data_start = .; *(.data*) . = ALIGN(4); __data_end = .; } > RAM AT > FLASH
  __data_load = LOADADDR(.data);
  .bss (NOLOAD) : { __bss_start = .; *(.bss* COMMON) . = ALIGN(8); __bss_end = .; } > RAM
  __stack_top = 0x20004000;
  /DISCARD/ : { *(.ARM.exidx* .ARM.extab*) }
}
)";

constexpr const char* qemu_main = R"(#include "{name}.h"

static uint32_t ask_host(uint32_t operation, uint32_t argument) {{
  register uint32_t r0 asm("r0") = operation;
  register uint32_t r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}}

static void print_hex(uint8_t byte) {{
  const char text[] = {{"0123456789abcdef"[byte >> 4], "0123456789abcdef"[byte & 15], 0}};
  ask_host(4, (uint32_t)text);
}}

static {name}::Model model;
static const {name}::Input inputs[] = {{{inputs}}};

int main() {{
  const uint32_t per_input = {name}::input_bytes / sizeof({name}::Input);
  for (uint32_t i = 0; i < sizeof inputs; i += {name}::input_bytes) {{
    {name}::invoke(model, inputs + i / {name}::input_bytes * per_input);
    for (uint32_t k = 0; k < {name}::output_bytes; ++k) print_hex((uint8_t){name}::output_byte(model, k));
  }}
  ask_host(0x18, 0x20026);
}}
)";

struct Case {
  std::string board, machine;
  unsigned seed;
};

fs::path link_bare(const Model& model, const std::vector<Bytes>& inputs, const Board& board, const fs::path& folder) {
  write_emitted(compile_model(model), folder);
  std::vector<int> values;
  for (const Bytes& input : inputs)
    for (const std::uint8_t byte : input) values.push_back(static_cast<std::int8_t>(byte));
  write_file(folder / "main.cpp", fmt::format(qemu_main, fmt::arg("name", model.name),
                                              fmt::arg("inputs", fmt::format("{}", fmt::join(values, ",")))));
  write_file(folder / "bare.ld", qemu_script);
  const fs::path elf = folder / "bare.elf", firmware = firmware_folder();
  std::vector<std::string> command{"arm-none-eabi-g++", "-mthumb",        "-O2",
                                   "-std=gnu++11",      "-ffreestanding", "-fno-exceptions",
                                   "-fno-rtti",         "-nostdlib",      "-Wl,--no-warn-rwx-segments"};
  for (const std::string& flag : core_of(board).compiler_flags) command.push_back(flag);
  for (const fs::path& argument :
       {fs::path("-I"), folder, fs::path("-I"), firmware, start_up_folder(board) / "start.cpp",
        firmware / "io" / "memory.cpp", folder / "main.cpp", folder / (model.name + ".cpp"), fs::path("-T"),
        folder / "bare.ld", fs::path("-lgcc"), fs::path("-o"), elf})
    command.push_back(argument.string());
  const ProcessResult linked = run_process(command);
  INFO(linked.output);
  REQUIRE(linked.status == 0);
  return elf;
}

struct QemuRun {
  std::string printed;
  std::uint64_t instructions = 0;
};

QemuRun run_in_qemu(const fs::path& elf, const std::string& machine, const fs::path& folder) {
  const fs::path log = folder / "instructions.log";
  const ProcessResult ran = run_process({"qemu-system-arm", "-M", machine, "-display", "none", "-monitor", "none",
                                         "-serial", "none", "-semihosting-config", "enable=on,target=native", "-kernel",
                                         elf.string(), "-singlestep", "-d", "exec,nochain", "-D", log.string()});
  INFO(ran.output);
  REQUIRE(ran.status == 0);
  const std::string lines = read_text(log);
  return {ran.output, static_cast<std::uint64_t>(std::ranges::count(lines, '\n'))};
}

bool has_qemu() {
  const bool has = run_process({"qemu-system-arm", "--version"}).status == 0;
  if (!has) std::fprintf(stderr, "SKIPPED: qemu-system-arm is not installed, so no second emulator is asked\n");
  return has;
}

}  // namespace

TEST_CASE("the same image gives in QEMU the same outputs, in as many instructions, on both cores") {
  if (!has_qemu()) return;
  for (const Case& c : {Case{"virtual-m0plus", "microbit", 71}, Case{"virtual-m0plus", "microbit", 72},
                        Case{"virtual-m4f", "mps2-an386", 71}, Case{"virtual-m4f", "mps2-an386", 73}}) {
    INFO(c.machine << ", seed " << c.seed);
    RandomModels random(c.seed);
    const Model model = random.chain();
    const std::vector<Bytes> inputs{random.input(model), random.input(model)};
    const Board& board = find_board(c.board);
    const TemporaryFolder folder;
    const fs::path elf = link_bare(model, inputs, board, folder.path());

    const BareRun here = run_bare(read_elf(elf), board);
    std::string expected;
    for (const Bytes& input : inputs)
      for (const std::uint8_t byte : reference_output(model, input)) expected += fmt::format("{:02x}", byte);
    CHECK(here.printed == expected);

    const QemuRun there = run_in_qemu(elf, c.machine, folder.path());
    CHECK(there.printed == here.printed);
    CHECK(there.instructions == here.count.instructions);
    CHECK(here.count.instructions > 1000);
  }
}
