#pragma once

#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

struct Dataset;
struct DatasetOptions;

/// Numbers in units of the user's, such as a frequency or an angle.
struct Regression {
  static constexpr const char* word = "regression";
  static constexpr const char* answer = "numbers";
  static constexpr const char* comment = "numbers";
  static constexpr bool has_labels = false;
  static constexpr bool has_numbers = true;
  static constexpr bool measures_distance = false;
  static constexpr bool trains_with_normal_only = false;
  static constexpr bool gentle_augmentation = true;

  static std::vector<std::string> first_names() { return {"value"}; }
  template <typename Self, typename Visit>
  static void for_each_setting(Self&, Visit) {}
  bool operator==(const Regression&) const = default;
};

/// Recordings and the numbers that a regression is to find in them: those that labels.csv names, where it lies in the
/// folder; otherwise every folder's recordings have the folder's name as their number: 20/a.csv, 25.5/b.csv.
/// Without groups. Throws Error: neither is there, a name that is no number, a file that is missing or outside.
Dataset samples_in(const Regression& task, const fs::path& folder, const DatasetOptions& options);

}  // namespace dragonet
