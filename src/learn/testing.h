#pragma once

#include "base/outcome.h"
#include "learn/run_report.h"

namespace dragonet {

struct TestOptions {
  std::string samples, board;        // empty: the project's samples; no board
  int folds = 0;                     // 0: the latest run
  bool leave_one_group_out = false;  // as many folds as groups
  bool random_split = false;         // also say what a careless random split would have claimed
  bool all_on_board = false;         // every sample, not only some of many
};

/// The latest run on the samples that it never saw, or on all of others.
struct TestedRun {
  JudgedRun judged;
  std::string simpler;  // where the default network would tell anomalies as well (simple_score.h); or ""
  fs::path report;      // runs/<n>/report.html, or runs/<n>/tests/<name>/report.html; empty: it could not be saved
};
TestedRun test_latest(const Project& project, const TestOptions& options, const Observer& observer = {});
Outcome outcome_of(const TestedRun& tested, bool color);

/// One training a fold, so that every sample is tested once.
struct TestedFolds {
  JudgedRun judged;                  // of all samples together: no run is its
  std::vector<Headline> headlines;   // of the int8 model, fold by fold
  std::vector<std::size_t> samples;  // tested in each fold
  std::string board;                 // its id; empty: none
  std::size_t different = 0;         // outputs on the board that were not the reference's
  std::string use;                   // of the board, by the last fold's firmware
  fs::path report;                   // folds/<n>/report.html; empty: it could not be saved
};
TestedFolds test_folds(const Project& project, const TestOptions& options, const Observer& observer = {});
Outcome outcome_of(const TestedFolds& folds, bool color);

}  // namespace dragonet
