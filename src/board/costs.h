#pragma once

#include <string>

#include "base/json.h"
#include "board/counts.h"
#include "board/firmware.h"
#include "compile/compile.h"

namespace dragonet {

Json image_json(const FirmwareImage& image);  // {"ram": {...}, "flash": {...}}
Json layers_json(const EmittedModel& emitted, const Counts& counts);

/// Of each layer that lost something, what of it is not computed (compile/dropped_layers.h).
Json dropped_json(const std::vector<DroppedOfLayer>& layers);

/// Of the board's clock, with the flash's wait states.
double milliseconds(const Count& count, const Board& board);

/// "3.10 million instructions, 4.20 million cycles and 0.31 million waiting for flash: 94 ms at 48 MHz"
std::string count_text(const Count& count, const Board& board);

/// The same of one inference, and what the features take.
std::string counts_text(const Counts& counts, const Board& board);

/// "flash 48 344 of 253 952 B, RAM 17 600 of 32 768 B (stack 312)"
std::string use_text(const FirmwareImage& image);

/// A table: layer, what it makes, MACs, instructions, cycles.
std::string layers_text(const EmittedModel& emitted, const Counts& counts);

}  // namespace dragonet
