#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>

#include "base/mapped_file.h"
#include "data/dataset.h"
#include "features/settings.h"
#include "project/sample_file.h"

namespace dragonet {

/// What is kept of a file's part of the samples.
struct CachedSample {
  SampleFile file;
  int windows = 0;
  std::span<const std::int8_t> features;  // of each window, back to back
};

/// The features of a project's samples as they were computed last, in a file that is mapped. A file that has not been
/// written to since is not read again; all of them are if the settings are others.
///   cache/index            a line for each sample; names the features' file, with its size and time
///   cache/features-<n>     [windows, height, width, channels], int8, in the samples' order
class FeatureCache {
 public:
  FeatureCache() = default;
  /// Damage is as good as no cache.
  FeatureCache(const fs::path& folder, const FeatureSettings& settings);

  /// None where the file on disk is another by its size or time.
  std::optional<CachedSample> find(const Sample& sample, const FileStamp& stamp) const;

 private:
  void read_index(const fs::path& folder, const FeatureSettings& settings);
  void read_line(const std::string& line, std::size_t feature_bytes, std::size_t& at);
  std::map<std::string, CachedSample> samples_;
  std::shared_ptr<const MappedFile> mapped_;
};

/// Features on their way to disk, sample by sample, or to memory where there is no folder.
class FeatureWriter {
 public:
  FeatureWriter(const fs::path& folder, const FeatureSettings& settings);
  ~FeatureWriter();  // without `finish` nothing is kept
  void add(const Sample& sample, const SampleFile& file, int windows, std::span<const std::int8_t> features);

  struct Features {
    std::span<const std::int8_t> values;
    std::shared_ptr<const void> owner;
  };
  /// Throws Error if the disk is full.
  Features finish();

 private:
  fs::path folder_, path_;
  std::string header_, index_;
  std::shared_ptr<std::vector<std::int8_t>> memory_;
  std::FILE* file_ = nullptr;
};

}  // namespace dragonet
