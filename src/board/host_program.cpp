#include "board/host_program.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/process.h"

namespace dragonet {

static constexpr const char* main_text = R"(#include <stdio.h>

#include "{name}.h"

// Inputs from the file named first, outputs to the one named second: both raw tensors, back to back. A third argument:
// each inference begins anew.
int main(int count, char** arguments) {{
  static {name}::Model model;
  static {name}::Input input[{name}::input_bytes / sizeof({name}::Input)];
  FILE* const in = fopen(arguments[1], "rb");
  FILE* const out = fopen(arguments[2], "wb");
  if (!in || !out) return 2;
  while (fread(input, sizeof input, 1, in) == 1) {{
    if (count > 3) {name}::reset(model);
    {name}::invoke(model, input);
    for (uint32_t i = 0; i < {name}::output_bytes; ++i) fputc((unsigned char){name}::output_byte(model, i), out);
  }}
  return ferror(out) || fclose(out) ? 2 : 0;
}}
)";

static void run_or_throw(const std::vector<std::string>& command, const std::string& next) {
  const ProcessResult result = run_process(command);
  if (result.status != 0)
    throw Error({command[0], fmt::format("exit status {}: {}", result.status, result.output), next});
}

fs::path build_host_program(const EmittedModel& emitted, const fs::path& folder) {
  write_emitted(emitted, folder);
  const fs::path main = folder / "host" / "main.cpp",
                 program = folder / "host" / "program";  // no model's name is there
  write_file(main, fmt::format(main_text, fmt::arg("name", emitted.interface.name)));
  run_or_throw({"g++", "-std=gnu++11", "-O2", "-Wall", "-Wextra", "-Werror", "-fno-exceptions", "-fno-rtti", "-I",
                folder, folder / (emitted.interface.name + ".cpp"), main, "-o", program},
               "Debian's package g++ has the compiler; if it is there, this is a fault of Dragonet's");
  return program;
}

Bytes run_host_program(const fs::path& program, std::span<const std::uint8_t> inputs, bool resets) {
  const TemporaryFolder folder;
  const fs::path in = folder.path() / "inputs.bin", out = folder.path() / "outputs.bin";
  write_file(in, inputs);
  std::vector<std::string> command{program, in, out};
  if (resets) command.emplace_back("reset");
  run_or_throw(command, "give inputs of the model's own size");
  return read_bytes(out);
}

}  // namespace dragonet
