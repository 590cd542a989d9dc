#pragma once

#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

struct Dataset;
struct DatasetOptions;

/// Which of several labels a sample has: the network gives a score for each.
struct Classification {
  static constexpr const char* word = "classification";
  static constexpr const char* answer = "a label";
  static constexpr const char* comment = "a label";
  static constexpr bool has_labels = true;
  static constexpr bool has_numbers = false;
  static constexpr bool measures_distance = false;
  static constexpr bool trains_with_normal_only = false;
  static constexpr bool gentle_augmentation = false;

  static std::vector<std::string> first_names() { return {"label 1", "label 2"}; }
  template <typename Self, typename Visit>
  static void for_each_setting(Self&, Visit) {}
  bool operator==(const Classification&) const = default;
};

/// Recordings in folder/<label>/, and motion recordings in the folder itself that are labelled by labels.csv or a
/// column of theirs. Without groups.
Dataset samples_in(const Classification& task, const fs::path& folder, const DatasetOptions& options);

}  // namespace dragonet
