#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dragonet {

struct Memory {
  std::uint32_t base, bytes;
  bool contains(std::uint32_t address) const { return address - base < bytes; }
};

/// A board as data. `flash.bytes` is the chip's; the application may use what lies from `application` to its end.
struct Board {
  std::string id, name, chip, core;  // core: "cortex-m0plus"
  std::uint32_t clock_hz;
  Memory flash, ram;
  std::uint32_t application;  // first address behind the bootloader: the vector table
  std::string source;         // the manuals these numbers are from
  std::uint32_t flash_usable() const { return flash.base + flash.bytes - application; }
};

const std::vector<Board>& boards();

/// Throws Error, naming the nearest id, where there is none of this name.
const Board& find_board(const std::string& id);

}  // namespace dragonet
