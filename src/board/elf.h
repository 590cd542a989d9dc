#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// A section that takes room on the chip.
struct ElfSection {
  std::string name;
  std::uint32_t address = 0;       // where the program finds it
  std::uint32_t load_address = 0;  // where flash keeps its first contents: .data differs
  std::uint32_t bytes = 0;
  bool in_file = false;  // false: zeroed or left as it is at start (.bss)
  bool writable = false, executable = false;
  Bytes contents;  // empty unless in_file
  bool contains(std::uint32_t at) const { return at - address < bytes; }
};

/// A function or object. Aliases are one symbol, under the name of the largest or most public.
struct ElfSymbol {
  std::string name;  // as the linker knows it: mangled
  std::uint32_t address = 0, bytes = 0;
  bool is_function = false, is_local = false;
};

/// Where instructions end and literals begin, or the other way: the mapping symbols $t and $d.
/// ELF for the Arm Architecture (IHI 0044), "Mapping symbols".
struct ElfMark {
  std::uint32_t address;
  bool is_code;
  auto operator<=>(const ElfMark&) const = default;
};

struct Elf {
  std::string source;  // the file, for messages
  std::vector<ElfSection> sections;
  std::vector<ElfSymbol> symbols;  // sorted by address
  std::vector<ElfMark> marks;      // sorted by address
  const ElfSection* section_at(std::uint32_t address) const;
  const ElfSymbol* function_at(std::uint32_t address) const;  // whose bytes hold this address
};

/// A linked 32-bit little-endian Arm program. Throws Error if the file is anything else, or broken.
Elf read_elf(const fs::path& path);

/// The mangled names of all that an object file defines, local names too.
std::set<std::string> defined_names(const fs::path& object);

/// "void kernels::row<3>(signed char*) [clone .isra.0]" -> "kernels::row<3>"; C names stay as they are.
std::string readable_name(const std::string& mangled);

}  // namespace dragonet
