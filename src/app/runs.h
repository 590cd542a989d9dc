#pragma once

#include <optional>

#include "app/command.h"
#include "app/pipeline.h"
#include "base/files.h"

namespace dragonet {

/// One training, kept in runs/<n>/: model.tflite (int8), float.tflite, run.json, dragonet.toml, report.html.
struct Run {
  int number = 0;
  fs::path folder;
  fs::path model() const { return folder / "model.tflite"; }
  fs::path real_model() const { return folder / "float.tflite"; }
  fs::path checkpoint() const { return folder / "checkpoint"; }  // while it is training, or was broken off
};

/// What a run remembers of its training.
struct RunRecord {
  std::vector<Epoch> history;
  std::vector<std::string> train, validation, test;  // paths of the samples, relative to their folder
  std::string data_hash;
  std::uint64_t seed = 0;
};

Run next_run(const Project& project);

/// The project's newest run. Throws Error if there is none.
Run latest_run(const Project& project);

/// What --resume goes on from: the state after the last whole epoch, and what it was trained with.
Checkpoints checkpoints_in(const Run& run, const Project& project, const Samples& samples);

/// The newest run, if it was broken off, ready to go on. Throws Error if it was not, or if settings or samples have
/// changed since.
Checkpoints resume(const Run& run, const Project& project, const Samples& samples);

/// The newest run, finished or not. Throws Error if there is none.
Run newest_run(const Project& project);

/// Everything under temporary names first; run.json comes last, so that a folder without it is no run.
void save_run(const Run& run, const Project& project, const Samples& samples, const Trained& trained);

RunRecord read_record(const Run& run);

/// The samples of these paths; those that have gone are left out.
Indices indices_of(const Samples& samples, const std::vector<std::string>& paths);

/// MODEL of a command, or the latest run's model where it is left out.
fs::path model_path(const std::string& given);

}  // namespace dragonet
