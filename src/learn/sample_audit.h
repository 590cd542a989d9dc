#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "project/samples.h"

namespace dragonet {

/// What reading every file tells.
struct SampleAudit {
  Dataset dataset;
  std::map<std::string, std::vector<std::string>> same;  // paths by hash
  std::vector<FileNote> notes;
  std::vector<Problem> unreadable;
};

/// Reads and decodes every file.
SampleAudit audit_samples(Dataset dataset, const FeatureSettings& features, const Observer& observer = {});

/// Counts of labels, or the range of numbers; duplicates; notes; what cannot be read.
std::string audit_text(const SampleAudit& audit);
Json audit_json(const SampleAudit& audit);

}  // namespace dragonet
