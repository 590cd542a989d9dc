// For tests: a bare program in C++ for a virtual board, with the firmware's start-up and none of its drivers.
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/process.h"
#include "board/core.h"
#include "board/elf.h"
#include "board/firmware.h"

namespace dragonet {

inline std::vector<std::string> bare_link_command(const Board& board, const fs::path& folder) {
  const fs::path firmware = firmware_folder();
  std::vector<std::string> command{"arm-none-eabi-g++", "-mthumb"};
  for (const char* flag : {"-O2", "-std=gnu++11", "-Wall", "-Wextra", "-Werror", "-nostdlib", "-ffreestanding",
                           "-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-ffunction-sections",
                           "-Wl,--gc-sections", "-Wl,--no-warn-rwx-segments"})
    command.emplace_back(flag);
  for (const std::string& flag : core_of(board).compiler_flags) command.push_back(flag);
  for (const std::string& flag : linker_script_flags(board)) command.push_back(flag);
  for (const fs::path& argument :
       {fs::path("-I"), firmware, fs::path("-I"), folder, start_up_folder(board) / "start.cpp",
        firmware / "io" / "memory.cpp", folder / "main.cpp", fs::path("-lgcc"), fs::path("-o"), folder / "bare.elf"})
    command.push_back(argument.string());
  return command;
}

/// Of `text` as the folder's main.cpp, which may include what lies there.
inline Elf link_bare_program(const fs::path& folder, const std::string& text, const Board& board) {
  write_file(folder / "main.cpp", text);
  const ProcessResult linked = run_process(bare_link_command(board, folder));
  INFO(linked.output);
  REQUIRE(linked.status == 0);
  return read_elf(folder / "bare.elf");
}

}  // namespace dragonet
