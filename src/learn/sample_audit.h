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
  std::vector<Problem> unreadable;  // what is wrong, which may be much in one file
  std::size_t unreadable_files = 0;
  std::vector<std::string> warnings = {};  // what would make a model's accuracy a lie (sample_warnings.h)
};

/// Reads and decodes every file.
SampleAudit audit_samples(Dataset dataset, const FeatureSettings& features, const Observer& observer = {});

/// Duplicates, warnings, notes, and what cannot be read, a line each.
std::string remarks_text(const SampleAudit& audit);

/// Counts of labels, or the range of numbers, and the remarks.
std::string audit_text(const SampleAudit& audit);
Json audit_json(const SampleAudit& audit);

}  // namespace dragonet
