#pragma once

#include <string>

#include "base/files.h"
#include "data/dataset.h"
#include "model/model.h"
#include "train/train.h"

namespace dragonet {

/// What dragonet.toml says. Fields that it leaves out keep these defaults.
struct Project {
  fs::path folder;  // of dragonet.toml
  std::string name = "project", kind = "image", board = "mkrzero";
  fs::path samples = "samples";  // relative to the folder
  DatasetOptions labels;         // positive, group
  ImageFeatureSettings image;
  TrainSettings train;
  int folds = 5;  // the samples are cut into so many; one is the test, one for validation

  fs::path samples_folder() const { return folder / samples; }
};

/// The project of the current folder, or of one above it. Throws Error if there is none, or for what is wrong in its
/// dragonet.toml: line and column, or the setting that is not known with the nearest one that is.
Project find_project();
Project read_project(const fs::path& toml);

/// dragonet.toml with a comment for every setting.
std::string project_text(const Project& project);

}  // namespace dragonet
