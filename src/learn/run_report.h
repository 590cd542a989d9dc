#pragma once

#include "learn/evaluation.h"

namespace dragonet {

/// A run's model and all that was found out about it.
struct JudgedRun {
  Run run;
  Samples samples;
  Indices test;  // of the samples, those that it was judged by
  Model int8;
  Judgement judgement;
  const Board* board = nullptr;  // null: not judged on a board
  std::optional<Interval> random_split;
};

/// Writes runs/<n>/report.html, one page with everything that was found out, and for a classification
/// result.svg, the same at a glance;
/// returns the page's path.
fs::path write_report(const Project& project, const JudgedRun& judged);

}  // namespace dragonet
