#pragma once

#include <functional>

#include "app/judging.h"
#include "app/run_summary.h"

namespace dragonet {

/// A training, told in its folder and in the index: `running` before `train`, afterwards what `train` has filled in,
/// or `failed` with the reason if it throws. Throws Error if another process trains this run.
void record_run(const Run& run, const Project& project, const Samples& samples,
                const std::function<void(RunSummary&)>& train);

/// What a training that has ended tells: epochs, hash, scores.
void take_training(RunSummary& summary, const Trained& trained, const Judgement& judgement);

/// What the run's model takes of a board that it was compiled for.
void record_board(const Run& run, const FirmwareImage& image, const Board& board);

}  // namespace dragonet
