#pragma once

#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

struct Dataset;
struct DatasetOptions;

/// Whether a sample is unlike all that was trained with: how far the network's output is from that of normal samples
/// or, of an autoencoder, from its input.
struct Anomaly {
  double quantile =
      0.99;  // of normal samples that the model has not learnt, the share whose scores are below its threshold

  static constexpr const char* word = "anomaly";
  static constexpr const char* answer = "an anomaly score";
  static constexpr const char* comment = "only what is normal is known";
  static constexpr bool has_labels = false;
  static constexpr bool has_numbers = false;
  static constexpr bool measures_distance = true;
  static constexpr bool trains_with_normal_only = true;
  static constexpr bool gentle_augmentation = true;

  static std::vector<std::string> first_names() { return {"normal", "anomaly"}; }
  template <typename Self, typename Visit>
  static void for_each_setting(Self& task, Visit visit) {
    visit("quantile", task.quantile, 0.5, 1,
          "the threshold, set when it is trained: this share of new normal samples is to lie below it");
  }
  bool operator==(const Anomaly&) const = default;
};

/// What an anomaly's model learns, and what is only there to test it: labels 0 and 1 of a dataset of this task.
inline constexpr int normal_label = 0, anomaly_label = 1;

/// Recordings of what is normal: those below folder/normal or, where there is no such folder, the files in the folder
/// itself. Those below every other folder are anomalies, of which there may be none. Without groups.
/// Throws Error if nothing is normal.
Dataset samples_in(const Anomaly& task, const fs::path& folder, const DatasetOptions& options);

}  // namespace dragonet
