#pragma once

#include <optional>

#include "board/build.h"
#include "board/costs.h"
#include "judge/metrics.h"
#include "learn/model_answers.h"
#include "learn/training.h"
#include "project/run_summary.h"

namespace dragonet {

/// Which board to test on.
struct BoardTest {
  const Board* board = nullptr;  // null: on none
  fs::path folder;               // for its files
  bool all = false;              // every sample runs on the virtual board, however long that takes
  double told_from_s = 5;        // how long it will take is told where it is more
};

/// The same samples by the emitted code. Few run on the virtual board, and there all that the chip does is tried: raw
/// pixels over the UART, features and model on the chip. Of many, some do, spread over all, and the rest runs through
/// the same code compiled for this machine, which is some hundred times as fast.
struct BoardJudgement {
  BoardBuild build;
  Answers answers;
  std::size_t on_board = 0;   // samples that ran on the virtual board
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

/// Judges a trained model on samples that it has not seen.
Judgement judge(const Model& real, const Model& int8, const Samples& samples, const Indices& test,
                const BoardTest& on_board = {}, const Observer& observer = {});

/// The board's part of it. Throws Error if the model does not fit.
void add_board(Judgement& judgement, const Model& int8, const Samples& samples, const Indices& test,
               const BoardTest& on_board, const Observer& observer = {});

/// What the same training would have claimed, had near duplicates been allowed on both sides of the split. Of labels
/// only.
Interval random_split_claim(const Project& project, const Samples& samples, const Observer& observer = {});

/// What a training that has ended tells: epochs, hash, scores.
void take_training(RunSummary& summary, const Trained& trained, const Judgement& judgement);

}  // namespace dragonet
