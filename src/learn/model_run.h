#pragma once

#include <string>

#include "base/files.h"
#include "base/observer.h"
#include "base/outcome.h"
#include "board/board.h"
#include "compile/memory_plan.h"
#include "model/model.h"

namespace dragonet {

struct RunOptions {
  std::string inputs;   // the model's own tensors, raw, back to back; empty: zeros
  std::string samples;  // recordings that go through the features on the chip: a file, or a folder
  std::string outputs;  // where the raw outputs are written; empty: nowhere
  std::string expect;   // raw outputs to compare with; the outcome's status is 1 where they differ
  bool resets = false;  // each inference begins anew, whatever the model keeps of the one before
  Optimize optimize = Optimize::balanced;
  bool layers = false;  // tells what each layer costs, in the text too
};

/// Compiles the model for the virtual board and runs it there: answers, instructions, cycles, RAM and stack.
/// Throws Refusal if it does not fit, Error for inputs that are none of the model's.
Outcome run_on_board(const Model& model, const Board& board, const RunOptions& options, const Observer& observer = {});

/// The emitted C++ on this machine; `inputs` must be given.
Outcome run_on_host(const Model& model, const RunOptions& options);

/// Any ELF program that prints and ends by semihosting.
Outcome run_image(const fs::path& image, const Board& board);

}  // namespace dragonet
