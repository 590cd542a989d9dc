#pragma once

#include <optional>
#include <string>

#include "base/files.h"
#include "board/board.h"
#include "data/dataset.h"
#include "features/settings.h"
#include "model/model.h"
#include "model/network.h"
#include "train/train.h"

namespace dragonet {

/// What dragonet.toml says. Fields that it leaves out keep these defaults.
struct Project {
  fs::path folder;  // of dragonet.toml
  std::string name = "project", kind = "image", board = boards().front().id;
  fs::path samples = "samples";  // relative to the folder
  DatasetOptions labels;         // task, positive, group
  FeatureSettings features = ImageFeatureSettings{};
  AnswerSettings answers;  // of a chip that listens to a sensor
  TrainSettings train;
  std::vector<Layer> layers;  // [[model.layers]]; none: the default network's
  double quantile = 0.99;     // of an anomaly model's scores of what is normal: its threshold
  int folds = 5;              // the samples are cut into so many; one is the test, one for validation

  Task task() const { return labels.task; }
  fs::path samples_folder() const { return folder / samples; }
  fs::path cache_folder() const { return folder / "cache"; }  // of features; may be removed at any time
};

/// The project of the current folder, or of one above it. Throws Error if there is none, or for what is wrong in its
/// dragonet.toml: line and column, or the setting that is not known with the nearest one that is.
Project find_project();
std::optional<fs::path> find_project_file();  // its dragonet.toml, unread; none: not in a project
Project read_project(const fs::path& toml);

/// The network to train, or the one that its features and labels, or numbers, ask for.
Network network_of(const Project& project, int outputs);

/// dragonet.toml with a comment for every setting.
std::string project_text(const Project& project);

}  // namespace dragonet
