#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/error.h"
#include "base/observer.h"
#include "project/project.h"
#include "project/sample_file.h"

namespace dragonet {

/// What was done to read a file.
struct FileNote {
  fs::path path;
  std::string what;
};

/// A line for each thing that was done, however many files it was done to.
std::vector<std::string> lines_of(const std::vector<FileNote>& notes);

/// The project's samples with their features, as the trainer and the references take them.
struct Samples {
  Dataset dataset;
  std::size_t feature_bytes = 0;          // of one sample
  FeatureSettings settings;               // of the features
  std::span<const std::int8_t> features;  // [samples, height, width, channels]
  std::shared_ptr<const void> owner;      // of the features: memory, or a mapped file
  std::vector<SampleFile> files;          // all that were found, skipped ones too
  std::vector<Problem> skipped;           // files that could not be read; not in the dataset
  std::vector<FileNote> notes;            // of those that are not in the cache
  std::string hash;                       // SHA-256 over the dataset's paths and files

  std::span<const std::int8_t> features_of(int sample) const {
    return features.subspan(static_cast<std::size_t>(sample) * feature_bytes, feature_bytes);
  }
};

/// Tells which files were skipped and why, and the first notes of what was done to read the rest.
void tell_of(const Samples& samples, const Observer& observer);

/// Of each sample that the network answers: labels, or a regression's numbers.
int outputs_of(const Dataset& dataset);

/// Numbers the samples' labels as a model does that was trained on others. Throws Error for a label it does not know,
/// and for numbers that are not the model's.
void number_labels(Dataset& dataset, const std::vector<std::string>& labels);

/// Decodes every file and computes the features of its samples with the chip's own source. A recording
/// longer than a window is several samples of one path.
///   cache    a folder that keeps features from one call to the next; empty: they stay in memory
/// Throws Error if nothing, or not two labels, can be read, or if a file changes meanwhile.
Samples load_samples(const fs::path& folder, const DatasetOptions& options, const FeatureSettings& settings,
                     const fs::path& cache = {}, const Observer& observer = {});

}  // namespace dragonet
