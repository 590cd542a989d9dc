#include <fmt/format.h>

#include "base/error.h"
#include "board/board.h"

namespace dragonet {

constexpr std::uint32_t KiB = 1024, MiB = 1024 * KiB;

// SAM D21: above 24 MHz one wait state ("NVM Characteristics", "NVMCTRL CTRLB"); "Cache": direct-mapped, 8 lines of 64
// bits, and in the read mode of a reset, NO_MISS_PENALTY, a miss costs the wait state and no more.
constexpr FlashTiming samd21_flash_at_48_mhz{.wait_states = 1, .cache_lines = 8, .line_bytes = 8};

const std::vector<Board>& boards() {
  static const std::vector<Board> table{
      // Memory: SAM D21 Family Data Sheet, DS40001882, "Product Mapping" and "Embedded Memories" (SAMD21x18: 256 KB of
      // flash, 32 KB of SRAM). Clock: 48 MHz is the maximum ("Maximum Clock Frequencies"). The Arduino bootloader
      // takes the first 8 KB: ArduinoCore-samd, variants/mkrzero/linker_scripts/gcc/flash_with_bootloader.ld.
      {.id = "mkrzero",
       .name = "Arduino MKR Zero",
       .chip = "SAMD21G18A",
       .core = "cortex-m0plus",
       .clock_hz = 48'000'000,
       .flash = {.base = 0x0000'0000, .bytes = 256 * KiB},
       .ram = {.base = 0x2000'0000, .bytes = 32 * KiB},
       .flash_timing = samd21_flash_at_48_mhz,
       .application = 0x2000,
       .source = "SAM D21 data sheet DS40001882; ArduinoCore-samd, variants/mkrzero"},
      // Made up, to test and measure what fits no real board: the MKR Zero's chip with all the memory one may want.
      {.id = "virtual-m0plus",
       .name = "virtual Cortex-M0+ with 8 MB",
       .chip = "SAMD21G18A",
       .core = "cortex-m0plus",
       .clock_hz = 48'000'000,
       .flash = {.base = 0x0000'0000, .bytes = 8 * MiB},
       .ram = {.base = 0x2000'0000, .bytes = 8 * MiB},
       .flash_timing = samd21_flash_at_48_mhz,
       .application = 0,
       .source = "made up: the MKR Zero's registers, and memory that no such chip has"},
      // The same with another core, and flash that answers at once: what the core alone takes.
      {.id = "virtual-m4f",
       .name = "virtual Cortex-M4F with 8 MB",
       .chip = "SAMD21G18A",
       .core = "cortex-m4",
       .clock_hz = 48'000'000,
       .flash = {.base = 0x0000'0000, .bytes = 8 * MiB},
       .ram = {.base = 0x2000'0000, .bytes = 8 * MiB},
       .flash_timing = {},
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
  throw Error({fmt::format("board {}", id), "there is no board of this name",
               fmt::format("did you mean {}? `dragonet boards` lists all", nearest(id, ids))});
}

}  // namespace dragonet
