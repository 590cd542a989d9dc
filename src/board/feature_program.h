// For tests: a bare program that feeds readings which lie in flash to the chip's features, and prints rows and cycles.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "board/bare_program.h"

namespace dragonet {

/// Between a feature's includes and tables, and its own main. Semihosting: see semihosting.h.
inline constexpr const char* feature_program_text = R"code(
static uint32_t ask_host(uint32_t operation, uint32_t argument) {
  register uint32_t r0 asm("r0") = operation;
  register uint32_t r1 asm("r1") = argument;
  asm volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
static uint32_t elapsed() {
  static uint32_t cycles[2];
  ask_host(0x30, (uint32_t)cycles);
  return cycles[0];
}
static void print_hex(uint32_t value, int digits) {
  char text[9];
  text[digits] = 0;
  for (; digits--; value >>= 4) text[digits] = "0123456789abcdef"[value & 15];
  ask_host(4, (uint32_t)text);
}
static void print_row(uint32_t cycles, const int8_t* row, uint32_t columns) {
  print_hex(cycles, 8);
  for (uint32_t c = 0; c < columns; ++c) print_hex((uint8_t)row[c], 2);
  ask_host(4, (uint32_t)"\n");
}
static void leave() { ask_host(0x18, 0x20026); }
)code";

/// `static const int16_t readings[]`.
inline std::string readings_code(std::span<const std::int16_t> readings) {
  std::string text = "static const int16_t readings[] = {";
  for (const std::int16_t reading : readings) text += std::to_string(reading) + ',';
  return text + "};\n";
}

/// The program of that C++ for the board.
inline Elf link_feature_program(const std::string& text, const Board& board) {
  const TemporaryFolder folder;
  return link_bare_program(folder.path(), text, board);
}

/// Flash that the features take: all but what the test itself brings.
inline std::size_t feature_flash(const Elf& elf, const Board& board) {
  std::size_t bytes = 0;
  for (const ElfSymbol& symbol : elf.symbols) {
    const auto names = [&](const char* what) { return symbol.name.find(what) != std::string::npos; };
    const bool is_the_tests = std::ranges::any_of(
        std::initializer_list<const char*>{"main", "readings", "vectors", "Reset_Handler", "print_", "leave"}, names);
    if (!is_the_tests && board.flash.contains(symbol.address)) bytes += symbol.bytes;
  }
  return bytes;
}

struct PrintedRow {
  std::uint64_t cycles = 0;
  std::vector<std::int8_t> values;
};

/// A line of print_row.
inline PrintedRow printed_row(const std::string& line) {
  const auto number = [&](std::size_t at, std::size_t digits) {
    return std::stoul(line.substr(at, digits), nullptr, 16);
  };
  PrintedRow row{.cycles = number(0, 8), .values = {}};
  for (std::size_t i = 8; i + 1 < line.size(); i += 2) row.values.push_back(static_cast<std::int8_t>(number(i, 2)));
  return row;
}

}  // namespace dragonet
