#pragma once

#include <map>
#include <optional>

#include "base/files.h"
#include "model/model.h"
#include "project/samples.h"

namespace dragonet {

/// One training, kept in runs/<n>/: model.tflite (int8), float.tflite, run.json, dragonet.toml, report.html.
struct Run {
  int number = 0;
  fs::path folder;
  fs::path model() const { return folder / "model.tflite"; }
  fs::path real_model() const { return folder / "float.tflite"; }
  fs::path checkpoint() const { return folder / "checkpoint"; }  // while it is training, or was broken off
  bool is_finished() const { return fs::exists(folder / "run.json"); }
};

/// The model whose weights were a training's first.
struct InitialWeights {
  std::string model, hash;  // the file, and SHA-256 of its weights; empty: random ones
};

/// What a run remembers of its training.
struct RunRecord {
  std::vector<Epoch> history, qat_history;           // the second of quantization-aware training, if it followed
  std::vector<std::string> train, validation, test;  // paths of the samples, relative to their folder
  std::string data_hash, model_hash;
  std::uint64_t seed = 0;
  int held_out_parts = 0;  // of a network that is fitted: each was scored by a model of the others, for the threshold
  InitialWeights initial_weights;
  std::map<std::string, std::string> files;  // SHA-256 of what was saved beside it: "model.tflite"
};

/// The numbered folders of runs/, by number, finished or not.
std::vector<Run> runs_in(const fs::path& runs_folder);

Run next_run(const Project& project);

/// The project's newest run that has a model. Throws Error if there is none.
Run latest_run(const Project& project);
std::optional<Run> find_latest_run(const Project& project);

/// What --resume goes on with: the newest run that has saved anything. Throws Error if there is no run at all.
Run newest_run(const Project& project);

/// Everything under temporary names first; run.json comes last, so that a folder without it is no run.
void save_run(const Run& run, const Project& project, const RunRecord& record, const Model& real, const Model& int8);

RunRecord read_record(const Run& run);

/// Each by its path; parts of a recording, and its windows after the first, with their place in it.
std::vector<std::string> paths_of(const Samples& samples, const Indices& indices);

/// The samples of these names; those that have gone are left out.
Indices indices_of(const Samples& samples, const std::vector<std::string>& paths);

/// Throws Error where a model of the run is not the file that was saved: damaged, edited, or another project's.
void require_whole(const Run& run);

/// The run's models, float and int8. What was saved may since have been exchanged together with its record: throws
/// Error where one is not whole, cannot run, or does not fit the project's kind, task and features, or its own labels.
Model read_int8_model(const Run& run, const Project& project);
Model read_real_model(const Run& run, const Project& project);

/// The latest run's int8 model. It goes by the project's name, and answers as dragonet.toml says now: that needs no
/// training. Throws Error if there is none.
Model latest_model(const Project& project);

}  // namespace dragonet
