// A chip as data: what boards with it share. A new chip is a row in chips.cpp, a folder in firmware/chips/ and a file
// of chips/ with its registers: docs/add-a-board.md.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "board/board.h"
#include "board/peripherals.h"

namespace dragonet {

struct Chip {
  std::string id;    // as the board's row names it, and its folder in firmware/chips/
  std::string name;  // of the family, as its maker writes it

  // Of a board with it, unless the board's row says otherwise.
  std::string core;  // a row of core.cpp
  std::uint32_t clock_hz;
  FlashTiming flash_timing;  // at this clock

  /// Its registers after a reset, with the board's clock, core and pins.
  std::unique_ptr<Peripherals> (*peripherals)(const Board& board);
};

const std::vector<Chip>& chips();

/// Throws Error, naming those there are, where there is none of this id.
const Chip& find_chip(const std::string& id);

inline const Chip& chip_of(const Board& board) { return find_chip(board.chip); }

}  // namespace dragonet
