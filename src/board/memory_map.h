// The memory map, as the manuals of home computers drew it: a column of addresses, to scale, the highest on top.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "board/firmware.h"

namespace dragonet {

struct MemoryBlock {
  enum class Kind {
    bootloader,
    firmware,
    model_code,
    constants,
    activations,
    features,
    input,
    variables,
    stack,
    free,
    beyond
  };
  Kind kind;
  std::string name;
  std::uint32_t start = 0, bytes = 0;
};

/// Blocks from the lowest address upwards, without gaps. `beyond` is what does not fit, above the memory's end.
struct MemoryColumn {
  std::string title;  // "Flash 256 KB"
  std::vector<MemoryBlock> blocks;
};

std::vector<MemoryColumn> memory_columns(const FirmwareImage& image, const Board& board);  // flash, RAM

/// 80 columns of Unicode; `color`: with ANSI colours, for a terminal.
std::string memory_map_text(const FirmwareImage& image, const Board& board, bool color);

/// One file that needs no other, in light and dark.
std::string memory_map_svg(const FirmwareImage& image, const Board& board);

}  // namespace dragonet
