#pragma once

#include <span>
#include <vector>

#include "app/project.h"
#include "base/error.h"

namespace dragonet {

/// Where it is the same, a file was not written to since.
struct FileStamp {
  std::uintmax_t bytes = 0;
  fs::file_time_type written;
  bool operator==(const FileStamp&) const = default;
};
FileStamp stamp_of(const fs::path& path);  // 0 bytes where there is no such file

/// A file as it was read; `hash`, SHA-256, is of just the bytes that were decoded. Empty: it could not be read.
struct SampleFile {
  fs::path path;  // in the samples' folder
  FileStamp stamp;
  std::string hash;
};

/// The project's samples with their features, as the trainer and the references take them.
struct Samples {
  Dataset dataset;
  std::size_t feature_bytes = 0;      // of one sample
  FeatureSettings settings;           // of the features
  std::vector<std::int8_t> features;  // [samples, height, width, channels]
  std::vector<SampleFile> files;      // all that were found, skipped ones too
  std::vector<Problem> skipped;       // files that could not be read; not in the dataset
  std::string hash;                   // SHA-256 over the dataset's paths and files

  std::span<const std::int8_t> features_of(int sample) const {
    return {features.data() + sample * feature_bytes, feature_bytes};
  }
};

/// Of each sample that the network answers: labels, or a regression's numbers.
int outputs_of(const Dataset& dataset);

/// Numbers the samples' labels as a model does that was trained on others. Throws Error for a label it does not know,
/// and for numbers that are not the model's.
void number_labels(Dataset& dataset, const std::vector<std::string>& labels);

/// Decodes every file and computes the features of its samples with the chip's own source; shows progress. A recording
/// longer than a window is several samples of one path.
/// Throws Error if nothing, or not two labels, can be read, or if a file changes meanwhile.
Samples load_samples(const fs::path& folder, const DatasetOptions& options, const FeatureSettings& settings);

}  // namespace dragonet
