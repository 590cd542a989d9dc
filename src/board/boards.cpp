#include <fmt/format.h>

#include "base/error.h"
#include "board/chip.h"

namespace dragonet {

constexpr std::uint32_t KiB = 1024, MiB = 1024 * KiB;

// SAM D21, "I/O Multiplexing and Considerations": PB22 and PB23 are SERCOM5's pads 2 and 3 in function D.
static constexpr UartWiring sercom5_on_pb22_pb23{
    .unit = 5, .tx = {.number = 32 + 22, .function = 3, .pad = 2}, .rx = {.number = 32 + 23, .function = 3, .pad = 3}};

const std::vector<Board>& boards() {
  const Chip& samd21 = find_chip("samd21");
  static const std::vector<Board> table{
      // Memory: SAM D21 Family Data Sheet, DS40001882, "Product Mapping" and "Embedded Memories" (SAMD21x18: 256 KB of
      // flash, 32 KB of SRAM). The UART is on the board's pins 14 (TX) and 13 (RX). The Arduino bootloader takes the
      // first
      // 8 KB: ArduinoCore-samd, variants/mkrzero/linker_scripts/gcc/flash_with_bootloader.ld.
      {.id = "mkrzero",
       .name = "Arduino MKR Zero",
       .chip = samd21.id,
       .part = "SAMD21G18A",
       .core = samd21.core,
       .clock_hz = samd21.clock_hz,
       .flash = {.base = 0x0000'0000, .bytes = 256 * KiB},
       .ram = {.base = 0x2000'0000, .bytes = 32 * KiB},
       .flash_timing = samd21.flash_timing,
       .uart = sercom5_on_pb22_pb23,
       .application = 0x2000,
       .source = "SAM D21 data sheet DS40001882; ArduinoCore-samd, variants/mkrzero"},
      // Made up, to test and measure what fits no real board: the MKR Zero's chip with all the memory one may want.
      {.id = "virtual-m0plus",
       .name = "virtual Cortex-M0+ with 8 MB",
       .chip = samd21.id,
       .part = "SAMD21G18A",
       .core = samd21.core,
       .clock_hz = samd21.clock_hz,
       .flash = {.base = 0x0000'0000, .bytes = 8 * MiB},
       .ram = {.base = 0x2000'0000, .bytes = 8 * MiB},
       .flash_timing = samd21.flash_timing,
       .uart = sercom5_on_pb22_pb23,
       .application = 0,
       .source = "made up: the MKR Zero's registers, and memory that no such chip has"},
      // The same with another core, and flash that answers at once: what the core alone takes.
      {.id = "virtual-m4f",
       .name = "virtual Cortex-M4F with 8 MB",
       .chip = samd21.id,
       .part = "SAMD21G18A",
       .core = "cortex-m4",
       .clock_hz = samd21.clock_hz,
       .flash = {.base = 0x0000'0000, .bytes = 8 * MiB},
       .ram = {.base = 0x2000'0000, .bytes = 8 * MiB},
       .flash_timing = {},
       .uart = sercom5_on_pb22_pb23,
       .application = 0,
       .source = "made up: the MKR Zero's registers, a core and memory that no such chip has"},
  };
  return table;
}

const Board& find_board(const std::string& id) {
  std::vector<std::string> ids;
  for (const Board& board : boards()) {
    if (board.id == id) return board;
    ids.push_back(board.id);
  }
  throw Error({fmt::format("board {}", id), "there is no board of this name", choice_of(id, ids)});
}

Board without_waits(Board board) {
  board.flash_timing = {};
  return board;
}

}  // namespace dragonet
