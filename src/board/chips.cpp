#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "board/chip.h"

namespace dragonet {

// Each in its file of chips/.
std::unique_ptr<Peripherals> samd21_peripherals(const Board& board);

const std::vector<Chip>& chips() {
  static const std::vector<Chip> table{
      // SAM D21 Family Data Sheet, DS40001882. 48 MHz is the maximum ("Maximum Clock Frequencies"). Above 24 MHz one
      // wait
      // state ("NVM Characteristics", "NVMCTRL CTRLB"); "Cache": direct-mapped, 8 lines of 64 bits, and in the read
      // mode
      // of a reset, NO_MISS_PENALTY, a miss costs the wait state and no more.
      {.id = "samd21",
       .name = "SAM D21",
       .core = "cortex-m0plus",
       .clock_hz = 48'000'000,
       .flash_timing = {.wait_states = 1, .cache_lines = 8, .line_bytes = 8},
       .peripherals = samd21_peripherals},
  };
  return table;
}

const Chip& find_chip(const std::string& id) {
  std::vector<std::string> ids;
  for (const Chip& chip : chips()) {
    if (chip.id == id) return chip;
    ids.push_back(chip.id);
  }
  throw Error({fmt::format("chip `{}`", id),
               fmt::format("there is no chip of this name; these are known: {}", fmt::join(ids, ", ")),
               "add it to src/board/chips.cpp: docs/add-a-board.md"});
}

}  // namespace dragonet
