#pragma once

#include "base/outcome.h"
#include "learn/evaluation.h"

namespace dragonet {

struct TrainRunOptions {
  bool resume = false;  // the newest run, which was broken off
  bool qat = false;     // quantization-aware training afterwards in any case
  std::string from;     // initial weights: a float .tflite, or a run's folder; empty: random ones
};

/// A training that is kept in runs/<n>/.
struct TrainedRun {
  Run run;
  Trained trained;
  Judgement judgement;      // on the test's samples
  bool unfinished = false;  // it was asked to stop: --resume can go on
  double waiting = 0;       // the share of training's time that it waited for samples
  std::size_t samples = 0, skipped = 0;
  std::string simpler = {};    // where the default network would tell anomalies as well (simple_score.h); or ""
  std::string advice = {};     // how to know better how good it is; "": the test says enough
  std::string threshold = {};  // that too few scores set it for the rate that was asked for (advice.h); or ""
  std::string said = {};       // that its test is synthesized (advice.h); or ""
};

/// Reads the samples, trains, converts to int8, judges and saves. Throws Error also where a sample's file changed
/// meanwhile: the run is whole then, and of the samples as they were read.
TrainedRun train_project(Project project, const TrainRunOptions& options, const Observer& observer = {});

Outcome outcome_of(const TrainedRun& done);

/// The split of a project's one training: fold 0 is the test.
Split first_split(const Project& project, const Samples& samples);

}  // namespace dragonet
