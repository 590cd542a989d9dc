// Programs of a few instructions for tests, assembled by the cross compiler and run on a board from its reset.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "base/process.h"
#include "board/bare_image.h"
#include "board/core.h"

namespace dragonet {

/// The program's bytes; its first instruction lies on a word.
inline Bytes assemble(const std::string& assembly, const std::string& cpu = "cortex-m4") {
  const TemporaryFolder folder;
  const fs::path source = folder.path() / "p.s", object = folder.path() / "p.o", binary = folder.path() / "p.bin";
  const std::string fpu = cpu == "cortex-m4" ? ".fpu fpv4-sp-d16\n" : "";
  write_file(source, ".syntax unified\n.cpu " + cpu + "\n" + fpu + ".thumb\n.align 2\n" + assembly + "\n");
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"arm-none-eabi-as", source.string(), "-o", object.string()},
        std::vector<std::string>{"arm-none-eabi-objcopy", "-O", "binary", object.string(), binary.string()}}) {
    const ProcessResult result = run_process(command);
    INFO(assembly << result.output);
    REQUIRE(result.status == 0);
  }
  return read_bytes(binary);
}

/// Two vectors, the stack's top and the reset's, then the code.
inline Elf program(const Board& board, const Bytes& code) {
  const std::uint32_t vectors[] = {board.ram.base + board.ram.bytes, (board.application + 8) | 1};
  Bytes contents(8);
  std::memcpy(contents.data(), vectors, 8);
  contents.insert(contents.end(), code.begin(), code.end());
  const auto bytes = static_cast<std::uint32_t>(contents.size());
  Elf elf{.source = "test"};
  elf.sections.push_back({.name = ".text",
                          .address = board.application,
                          .load_address = board.application,
                          .bytes = bytes,
                          .in_file = true,
                          .executable = true,
                          .contents = std::move(contents)});
  elf.symbols.push_back({.name = "program", .address = board.application + 8, .bytes = bytes - 8, .is_function = true});
  return elf;
}

inline const std::string exit_program = "\nmovs r0, #0x18\nldr r1, =0x20026\nbkpt #0xab\n.ltorg\n";

inline BareRun run_program(const std::string& board_id, const std::string& assembly) {
  const Board& board = find_board(board_id);
  return run_bare(program(board, assemble(assembly + exit_program, board.core)), board, 10'000'000);
}

/// What `assembly` costs, without what ends the program. It must leave by its end.
inline Count cost_of(const std::string& board_id, const std::string& assembly) {
  return run_program(board_id, assembly).count - run_program(board_id, "nop").count + Count{1, 1, 0};
}

/// What the board says of the code; "" if it runs to its end.
inline std::string complaint_of(const Board& board, const Bytes& code) {
  try {
    Bytes all = code;
    const Bytes end = assemble(exit_program, board.core);
    all.insert(all.end(), end.begin(), end.end());
    run_bare(program(board, all), board, 10'000'000);
    return "";
  } catch (const Error& error) {
    return error.problems.at(0).what;
  }
}

}  // namespace dragonet
