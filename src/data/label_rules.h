#pragma once

#include <map>
#include <string>
#include <vector>

#include "data/dataset.h"

namespace dragonet {

/// What the labels are called in the dataset, sorted unless one is positive, and which one a folder's samples get.
struct LabelRules {
  std::vector<std::string> names;
  std::map<std::string, int> of_folder;  // index into names
};

/// _background_noise_ is `silence`; then `positive` or `keywords` gather labels, if they are given.
/// Throws Error if they name a folder that is not there.
LabelRules label_rules(const fs::path& samples, const std::vector<std::string>& folders, const DatasetOptions& options);

/// Keeps, of the samples that keywords made `unknown`, at most twice as many as the largest of the other labels has,
/// spread evenly over their paths: a hundred other words would only cost time. `dataset` is sorted; a note says what
/// was left out.
void thin_unknown(Dataset& dataset);

}  // namespace dragonet
