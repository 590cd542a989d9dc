#pragma once

#include <optional>

#include "base/observer.h"
#include "judge/compare.h"
#include "project/project.h"

namespace dragonet {

struct CompareOptions {
  std::string a, b, inputs, inputs_b, samples, board;
  std::size_t vectors = 20;
  Optimize optimize = Optimize::balanced;
  bool no_code = false;
};

/// Reads what is to be compared and compares it: A with B where there are two models (a float model alone is converted
/// to int8 first), then the emitted code of the int8 one with its reference, on this machine and on the virtual board.
///   project   whose latest run, samples and board are taken where the options name none; none: outside a project
FullComparison compare_files(const CompareOptions& options, const std::optional<Project>& project,
                             const Observer& observer = {});

}  // namespace dragonet
