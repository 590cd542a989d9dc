#pragma once

#include <optional>

#include "app/pipeline.h"
#include "app/runs.h"
#include "board/build.h"
#include "judge/metrics.h"

namespace dragonet {

/// The same samples on the virtual board: raw pixels over the UART, features and model on the chip.
struct BoardJudgement {
  BoardBuild build;
  Answers answers;
  std::size_t different = 0;  // outputs that were not the int8 reference's, byte for byte
  Counts counts;              // of the first sample
  std::uint32_t stack_used = 0;
};

struct Judgement {
  Answers real, int8;
  TaskScore real_score, int8_score;
  std::optional<BoardJudgement> board;
  std::optional<TaskScore> board_score;
};

/// Judges a trained model on samples that it has not seen. `board`: null, or also there; its files go to `folder`.
Judgement judge(const Model& real, const Model& int8, const Samples& samples, const Indices& test, const Board* board,
                const fs::path& folder);

/// The board's part of it. Throws Error if the model does not fit.
void add_board(Judgement& judgement, const Model& int8, const Samples& samples, const Indices& test, const Board& board,
               const fs::path& folder);

/// What the same training would have claimed, had near duplicates been allowed on both sides of the split. Of labels
/// only.
Interval random_split_claim(const Project& project, const Samples& samples);

Json image_json(const FirmwareImage& image);  // {"ram": {...}, "flash": {...}}
Json layers_json(const EmittedModel& emitted, const Counts& counts);

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
