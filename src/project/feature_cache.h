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
  std::string features_hash;              // SHA-256 of them
};
std::string hash_of(std::span<const std::int8_t> features);

/// The features of a project's samples as they were computed last, in a file that is mapped. A file that has not been
/// written to since is not read again; all of them are if the settings are others.
///   cache/index            names the features' file; a line for each sample, with the SHA-256 of its features; last
///                          the SHA-256 of all that
///   cache/features-<n>     [windows, height, width, channels], int8, in the samples' order
class FeatureCache {
 public:
  FeatureCache() = default;
  /// Damage is as good as no cache.
  FeatureCache(const fs::path& folder, const FeatureSettings& settings);

  /// None where the file on disk is another by its size or time, or where the features are not those that were saved.
  std::optional<CachedSample> find(const Sample& sample, const FileStamp& stamp) const;

  std::string name;   // of the features' file; "": there is no cache
  std::string lines;  // of the samples, as the index has them
  std::shared_ptr<const MappedFile> mapped;
  std::span<const std::int8_t> features() const;  // of all of them

 private:
  void read_index(const fs::path& folder, const FeatureSettings& settings);
  void read_line(const std::string& line, std::size_t feature_bytes, std::size_t& at);
  std::map<std::string, CachedSample> samples_;
};

/// Features on their way to disk, sample by sample, or to memory where there is no folder. What the cache has already,
/// in the same order, is not written again: so a disk that is full or read-only is no hindrance where nothing changed.
class FeatureWriter {
 public:
  /// `known` is the folder's cache, and must outlive this.
  FeatureWriter(const fs::path& folder, const FeatureSettings& settings, const FeatureCache& known);
  ~FeatureWriter();  // without `finish` nothing is kept
  FeatureWriter(const FeatureWriter&) = delete;
  FeatureWriter& operator=(const FeatureWriter&) = delete;
  void add(const Sample& sample, const CachedSample& made);

  struct Features {
    std::span<const std::int8_t> values;
    std::shared_ptr<const void> owner;
  };
  /// Throws Error if the disk is full.
  Features finish();

 private:
  bool is_known(std::span<const std::int8_t> features) const;
  void begin_file();
  void write(std::span<const std::int8_t> features);
  void save_index(const std::string& features_name);

  const FeatureCache& known_;
  fs::path folder_, path_;
  std::string header_, lines_;
  std::size_t kept_ = 0;  // bytes that are the cache's own so far
  std::shared_ptr<std::vector<std::int8_t>> memory_;
  std::FILE* file_ = nullptr;
};

}  // namespace dragonet
