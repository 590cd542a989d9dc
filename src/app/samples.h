#pragma once

#include <span>
#include <vector>

#include "app/project.h"
#include "base/error.h"

namespace dragonet {

/// The project's samples with their features, as the trainer and the references take them.
struct Samples {
  Dataset dataset;
  std::size_t feature_bytes = 0;      // of one sample
  std::vector<std::int8_t> features;  // [samples, height, width, channels]
  std::vector<Problem> skipped;       // files that could not be read; not in the dataset
  std::string hash;                   // SHA-256 over all paths and files

  std::span<const std::int8_t> features_of(int sample) const {
    return {features.data() + sample * feature_bytes, feature_bytes};
  }
};

/// Numbers the samples' labels as a model does that was trained on others. Throws Error for a label it does not know.
void number_labels(Dataset& dataset, const std::vector<std::string>& labels);

/// Decodes every picture and computes its features with the chip's own source; shows progress.
/// Throws Error if nothing, or not two labels, can be read.
Samples load_samples(const fs::path& folder, const DatasetOptions& options, const ImageFeatureSettings& image);

}  // namespace dragonet
