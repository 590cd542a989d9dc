#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/command.h"
#include "app/samples.h"

namespace dragonet {

/// What reading every file tells.
struct Looked {
  Dataset dataset;
  std::map<std::string, std::vector<std::string>> same;  // paths by hash
  std::vector<FileNote> notes;
  std::vector<Problem> unreadable;
};

/// Reads and decodes every file; shows progress.
Looked look_at(Dataset dataset, const FeatureSettings& features);

/// Counts of labels, or the range of numbers; duplicates; notes; what cannot be read.
std::string looked_text(const Looked& looked);
Json looked_json(const Looked& looked);

}  // namespace dragonet
