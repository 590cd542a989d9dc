#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "project/runs.h"

namespace dragonet {

/// A test of which no run's own report tells. Of a run on other samples than the project's own:
/// runs/<n>/tests/<folder's name>/ holds test.json, which is this, and a report of its own. Of folds: folds/<n>/.
struct OtherTest {
  std::string samples;   // their folder, without links; of folds, "5 folds"
  std::string tested;    // local time with its offset, ISO 8601
  std::string sentence;  // "knows 91 % of 40 test samples, balanced 90 %"
  Json scores;           // as `dragonet test --json` tells them
  fs::path folder;       // of the report
};

/// Where the test of these samples lies, or will lie: another folder of the same name has a number behind it.
fs::path other_test_folder(const Run& run, const fs::path& samples);

/// Written into test.folder.
void save_other_test(const OtherTest& test);

/// By folder. What cannot be read is left out.
std::vector<OtherTest> other_tests(const Run& run);

/// Those in folds of a project's folder, and where the next will lie.
std::vector<OtherTest> fold_tests(const fs::path& project);
fs::path next_fold_test_folder(const fs::path& project);

}  // namespace dragonet
