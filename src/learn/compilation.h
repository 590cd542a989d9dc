#pragma once

#include "base/outcome.h"
#include "board/build.h"

namespace dragonet {

/// A model as C++ and firmware for a board, and whether it fits there.
struct Compilation {
  std::string model;  // its source
  const Board* board = nullptr;
  fs::path folder;
  BoardBuild build;
  std::vector<Problem> problems;  // none: it fits
};
Compilation compile_for(const Model& model, const Board& board, const fs::path& folder, Optimize optimize);

struct CompilationText {
  bool color = false;
  bool explain = false;  // band by band, why the plan is as it is
};
Outcome outcome_of(const Compilation& compiled, const CompilationText& options);

}  // namespace dragonet
