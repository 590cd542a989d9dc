#pragma once

#include <functional>

#include "base/observer.h"
#include "board/firmware.h"
#include "project/run_summary.h"

namespace dragonet {

/// A training, told in its folder and in the index: `running` before `train`, afterwards what `train` has filled in,
/// or `failed` with the reason if it throws. Throws Error if another process trains this run.
void record_run(const Run& run, const Project& project, const Samples& samples,
                const std::function<void(RunSummary&)>& train, const Observer& observer = {});

/// Of now, with its offset, as ISO 8601 writes it.
std::string local_time();

/// What the run's model takes of a board that it was compiled for.
void record_board(const Run& run, const FirmwareImage& image, const Board& board, const Observer& observer = {});

}  // namespace dragonet
