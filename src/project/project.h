#pragma once

#include <optional>
#include <string>

#include "base/files.h"
#include "board/board.h"
#include "data/dataset.h"
#include "features/settings.h"
#include "model/model.h"
#include "model/network.h"
#include "project/kinds.h"
#include "train/train.h"

namespace dragonet {

/// What dragonet.toml says. Fields that it leaves out keep these defaults.
struct Project {
  fs::path folder;  // of dragonet.toml
  std::string name = "project", board = boards().front().id;
  fs::path samples = "samples";                       // relative to the folder
  DatasetOptions labels;                              // task and its settings, positive, group
  FeatureSettings features = ImageFeatureSettings{};  // whose kind is the project's
  AnswerSettings answers;                             // of a chip that listens to a sensor
  TrainSettings train;
  std::vector<Layer> layers;  // [[model.layers]]; none: the default network's
  int folds = 5;              // the samples are cut into so many; one is the test, one for validation

  const Kind& kind() const { return kind_of(features); }
  const Task& task() const { return labels.task; }
  fs::path samples_folder() const { return folder / samples; }
  fs::path cache_folder() const { return folder / "cache"; }  // of features; may be removed at any time
};

/// The dragonet.toml of a folder, or of the nearest one above it; none: the folder lies in no project.
std::optional<fs::path> find_project_file(fs::path folder);

/// Throws Error for what is wrong in it: line and column, or the setting that is not known with the nearest one that
/// is.
Project read_project(const fs::path& toml);

/// Removes what commands that were killed have left in the places that are the project's own (base/leftovers.h).
void sweep_project(const fs::path& folder);

/// The network to train, or the one that its features and labels, or numbers, ask for.
Network network_of(const Project& project, int outputs);

/// dragonet.toml with a comment for every setting.
std::string project_text(const Project& project);

}  // namespace dragonet
