#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dragonet {

struct Memory {
  std::uint32_t base, bytes;
  bool contains(std::uint32_t address) const { return address - base < bytes; }
};

/// What reading flash costs at the board's clock: its controller keeps `cache_lines` lines of `line_bytes` in a
/// direct-mapped cache, and what is not there takes `wait_states` cycles more. Without cache and wait states, it
/// answers as fast as the core asks.
struct FlashTiming {
  unsigned wait_states = 0, cache_lines = 0, line_bytes = 0;
};

/// Where one end of the UART comes out of the chip.
struct UartPin {
  unsigned number = 0;    // as the chip's registers count its pins
  unsigned function = 0;  // of the pin's multiplexer, where the chip has one
  unsigned pad = 0;       // of the UART, where it has several that a pin may be
};

/// What a board decides of its chip's UART. The firmware gets the numbers as BOARD_UART_UNIT, BOARD_UART_TX,
/// BOARD_UART_TX_FUNCTION and so on; the virtual chip hears nothing on other pins.
struct UartWiring {
  unsigned unit = 0;  // which of the chip's
  UartPin tx, rx;
};

/// A board as data. `flash.bytes` is the chip's; the application may use what lies from `application` to its end.
struct Board {
  std::string id, name;
  std::string chip;  // a row of chips.cpp
  std::string part;  // the very chip, as its maker calls it: "STM32F446RE"
  std::string core;  // "cortex-m0plus", a row of core.cpp
  std::uint32_t clock_hz;
  Memory flash, ram;
  FlashTiming flash_timing;
  UartWiring uart;
  std::uint32_t application;  // first address behind the bootloader: the vector table
  std::string source;         // the manuals these numbers are from
  std::uint32_t flash_usable() const { return flash.base + flash.bytes - application; }
};

const std::vector<Board>& boards();

/// Throws Error, naming the nearest id, where there is none of this name.
const Board& find_board(const std::string& id);

/// The same board with a flash that answers at once: for its answers, not their time. It runs faster here, since no
/// load has to be looked at.
Board without_waits(Board board);

}  // namespace dragonet
