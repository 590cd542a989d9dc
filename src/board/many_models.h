// Many models in one bare program for a virtual board: linking one for each, and giving each its inputs over a UART,
// would take minutes.
#pragma once

#include "board/bare_image.h"
#include "board/bare_program.h"
#include "compile/emitted_program.h"

namespace dragonet::testing {

inline std::size_t bytes_of(const Model& model, const std::vector<int>& tensors) {
  std::size_t bytes = 0;
  for (const int t : tensors) bytes += model.tensors[t].bytes();
  return bytes;
}

// Inputs lie in flash, back to back; outputs go to the host by semihosting's SYS_WRITE, back to back too.
inline constexpr const char* board_program_begin = R"(
asm(".section .rodata.inputs\n.global inputs\ninputs:\n.incbin \"" INPUTS "\"\n.text");
extern "C" const uint8_t inputs[];
static const uint8_t* in = inputs;
static uint8_t output[1 << 16];

static void call_host(uint32_t operation, const void* argument) {
  register uint32_t r0 asm("r0") = operation;
  register const void* r1 asm("r1") = argument;
  asm volatile("bkpt #0xab" : "+r"(r0) : "r"(r1) : "memory");
}
template <typename Input, typename Model>
static void run(Model& model, void invoke(Model&, const Input*), int8_t output_byte(const Model&, uint32_t),
                uint32_t in_bytes, uint32_t out_bytes) {
  alignas(8) static uint8_t input[1 << 16];
  for (uint32_t i = 0; i < in_bytes; ++i) input[i] = *in++;
  invoke(model, (const Input*)input);
  for (uint32_t i = 0; i < out_bytes; ++i) output[i] = (uint8_t)output_byte(model, i);
  const struct {
    uint32_t handle;
    const uint8_t* text;
    uint32_t bytes;
  } written = {1, output, out_bytes};
  call_host(5, &written);
}
)";

/// A function for each, not inlined: of many calls of one function in one, gcc makes calls through a register.
inline std::string board_program_text(const std::vector<Model>& models, const fs::path& folder, int inputs_each) {
  std::string text = fmt::format("#include <stdint.h>\n#define INPUTS \"{}/inputs.bin\"\n", folder.string()), calls;
  for (const Model& model : models) text += fmt::format("#include \"{}.cpp\"\n", model.name);
  text += board_program_begin;
  for (const Model& model : models) {
    text += fmt::format(
        "__attribute__((noinline)) static void run_{0}() {{\n  static {0}::Model m;\n"
        "  for (int i = 0; i < {1}; ++i)\n"
        "    run<{0}::Input>(m, {0}::invoke, {0}::output_byte, {0}::input_bytes, {0}::output_bytes);\n}}\n",
        model.name, inputs_each);
    calls += fmt::format("  run_{}();\n", model.name);
  }
  return text + "int main() {\n" + calls + "  call_host(0x18, (const void*)0x20026);\n  return 0;\n}\n";
}

/// What the board answers to `inputs_each` inputs of each model, which lie back to back, model after model.
inline Bytes run_all_on_board(const std::vector<Model>& models, const Board& board, const Bytes& inputs,
                              int inputs_each, const CompileTarget& target = {Optimize::ram}) {
  const TemporaryFolder folder;
  for (const Model& model : models) write_emitted(compile_model(model, target), folder.path());
  write_file(folder.path() / "inputs.bin", inputs);
  const std::string text = board_program_text(models, folder.path(), inputs_each);
  const BareRun run = run_bare(link_bare_program(folder.path(), text, board), without_waits(board));
  return Bytes(run.printed.begin(), run.printed.end());
}

}  // namespace dragonet::testing
