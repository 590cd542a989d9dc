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
  std::string other_samples = {};  // the folder of samples that are not the project's own; "": they are
  fs::path report_folder = {};     // where the report goes; empty: into the run's own folder
};

/// Writes report.html, one page with everything that was found out, and for a classification
/// result.svg, the same at a glance;
/// returns the page's path.
fs::path write_report(const Project& project, const JudgedRun& judged);

/// The same for a test in folds, of all models together, into judged.report_folder: without what only one has, a
/// history and firmware.
///   models, command  "5 models, one a fold"; what repeats the test
fs::path write_folds_report(const Project& project, const JudgedRun& judged, const std::string& models,
                            const std::string& command);

}  // namespace dragonet
