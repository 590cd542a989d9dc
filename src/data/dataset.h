#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/files.h"
#include "data/motion.h"
#include "data/task.h"

namespace dragonet {

/// One recording on disk, or a range of one. `path` is relative to the samples' folder:
/// "dragon/drake-burner-fly-1.png".
struct Sample {
  fs::path path;
  int label = 0;                    // index into Dataset::labels
  std::string group;                // samples of one group (subject, unit, speaker) are never on both sides of a split
  double first_s = 0, last_s = 0;   // the range, in seconds from the recording's first reading; 0, 0: all of it
  int window = 0;                   // its number, where a recording is cut into several
  std::vector<float> targets = {};  // of a regression: a number for each of Dataset::outputs
  enum Part { any, trains, tests } part = any;  // what whoever made the samples keeps it for
};

/// What a folder of labelled recordings holds. These are names only: nothing is decoded yet, except recordings that lie
/// in the folder itself, whose labels are inside them.
struct Dataset {
  fs::path folder;
  std::vector<std::string> labels;      // a regression has one label, for all samples
  std::vector<Sample> samples;          // sorted by path and time, so that a seed gives the same split everywhere
  std::vector<std::string> notes = {};  // what was left out, and why, and what was done to read the rest
  Task task = {};
  std::vector<std::string> outputs = {};  // what the numbers of a regression are called
};

/// Recordings in this folder, of any length, are cut into windows that become the label `silence`, and sounds are mixed
/// with them in training.
inline constexpr const char* background_folder = "_background_noise_";
inline constexpr const char* silence_label = "silence";
bool is_background(const Sample& sample);

struct DatasetOptions {
  std::string positive;               // if given: this label against all the rest, which become "other"
  std::vector<std::string> keywords;  // if given: these, and all the rest but silence becomes "unknown"
  std::string group;   // regular expression (RE2) on the path; its captures joined name the group; "": each file
  double rate_hz = 0;  // of motion recordings that have no times
  bool strict = true;  // false: `group` and `keywords` were not written for these samples; no match is a note
  Task task = {};
  LabelledRanges own_labels = labelled_readings;  // of files that lie in the folder itself
  bool rows_stand_alone = false;                  // each range of a file is a group of its own, as rows of a table are
};

/// Reads folder/<label>/<recording>; folder/train/<label>/<recording> with folder/test/...; what Edge Impulse exports
/// (data/edge_impulse_export.h); and motion recordings in the folder itself that are labelled by labels.csv beside
/// them or by a column of theirs: a sample for each range of one label (data/loose_recordings.h). For other tasks as
/// their samples_in says (data/regression.h, data/anomaly.h). Throws Error: no such folder, fewer than two labels, an
/// empty label, a bad pattern.
Dataset scan_samples(const fs::path& folder, const DatasetOptions& options);

/// The group of each path by `DatasetOptions::group`. Throws Error for a bad pattern.
std::vector<std::string> groups_by(const std::string& pattern, const std::vector<std::string>& paths);

/// What the network's outputs are called: labels, or numbers.
const std::vector<std::string>& output_names(const Dataset& dataset);

/// What lies in a folder itself, sorted; hidden ones are left out.
std::vector<fs::path> entries_of(const fs::path& folder);

/// Every file below a folder, sorted; hidden ones, and links out of it, are left out. Throws Error if there is no such
/// folder, or no file.
std::vector<fs::path> files_below(const fs::path& folder);

using Indices = std::vector<int>;  // into Dataset::samples
struct Split {
  Indices train, validation, test;
};

/// `k` parts of whole groups, each label spread over the parts as evenly as its groups allow.
/// Samples that only test are the first part, and the others are all the rest.
/// Deterministic in `seed`. Throws Error if a label has fewer groups than two.
std::vector<Indices> group_folds(const Dataset& dataset, int k, std::uint64_t seed);

/// The same, pretending that every sample were its own group: what a careless split would do.
std::vector<Indices> random_folds(const Dataset& dataset, int k, std::uint64_t seed);

/// A part for each group. Throws Error if a label has fewer groups than two.
std::vector<Indices> leave_one_group_out(const Dataset& dataset);

/// Deals samples that may all be trained with into `most` parts or fewer, of which each can be held out from the rest:
/// whole groups where there are two or more, otherwise whole recordings, otherwise their windows. One part where there
/// is one sample. Deterministic in `seed`.
std::vector<Indices> parts_to_hold_out(const Dataset& dataset, const Indices& samples, int most, std::uint64_t seed);

/// Folds -> train, validation and test: `test` is fold `t`, validation the fold after it. With fewer than five folds,
/// or where a label would keep fewer than twelve groups to learn from (to tell anomalies: none), that fold is too much
/// to lose for validation: then every sixth recording of the rest validates. Its group trains, too, and only the test
/// consists of unseen groups.
///   folds  two or more
Split split_of(const Dataset& dataset, const std::vector<Indices>& folds, int t);

}  // namespace dragonet
