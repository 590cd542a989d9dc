#include "project/feature_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <system_error>

#include "base/error.h"
#include "features/settings_json.h"

namespace dragonet {

static constexpr const char* version = "dragonet features 2";

FileStamp stamp_of(const fs::path& path) {
  std::error_code none;
  const std::uintmax_t bytes = fs::file_size(path, none);
  return none ? FileStamp{} : FileStamp{bytes, fs::last_write_time(path, none)};
}

static std::string header_of(const FeatureSettings& settings) {
  return fmt::format("{} {}", version, features_json(settings).dump());
}

/// "bytes time name" of the features' file: whoever wrote to it since has made it another.
static std::string features_line(const fs::path& path) {
  const FileStamp stamp = stamp_of(path);
  return fmt::format("{} {} {}", stamp.bytes, stamp.written.time_since_epoch().count(), path.filename().string());
}

static std::string key_of(const Sample& sample) {
  return fmt::format("{} {} {}", sample.first_s, sample.last_s, sample.path.generic_string());
}

/// "bytes time hash windows first_s last_s path": the path is last, since it may hold anything but a line's end.
static std::string line_of(const Sample& sample, const SampleFile& file, int windows) {
  return fmt::format("{} {} {} {} {}\n", file.stamp.bytes, file.stamp.written.time_since_epoch().count(), file.hash,
                     windows, key_of(sample));
}

// --- Reading

FeatureCache::FeatureCache(const fs::path& folder, const FeatureSettings& settings) {
  try {
    if (!folder.empty() && fs::exists(folder / "index")) read_index(folder, settings);
  } catch (const Error&) {
    samples_.clear();
  }
}

void FeatureCache::read_index(const fs::path& folder, const FeatureSettings& settings) {
  std::istringstream index(read_text(folder / "index"));
  std::string header, name;
  if (!std::getline(index, header) || header != header_of(settings) || !std::getline(index, name)) return;
  const fs::path features = folder / fs::path(name.substr(name.rfind(' ') + 1)).filename();
  if (features_line(features) != name) return;
  mapped_ = std::make_shared<MappedFile>(features);
  std::size_t at = 0;
  for (std::string line; std::getline(index, line);) read_line(line, shape_of(settings).bytes(), at);
  if (at != mapped_->bytes().size()) samples_.clear();
}

void FeatureCache::read_line(const std::string& line, std::size_t feature_bytes, std::size_t& at) {
  std::istringstream words(line);
  CachedSample cached;
  std::int64_t written = 0;
  std::string key;
  words >> cached.file.stamp.bytes >> written >> cached.file.hash >> cached.windows;
  words.get();
  std::getline(words, key);
  const std::size_t bytes = feature_bytes * static_cast<std::size_t>(std::max(cached.windows, 0));
  if (!words || at + bytes > mapped_->bytes().size()) throw Error({"the cache", "is damaged", "it is made anew"});
  cached.file.stamp.written = fs::file_time_type(fs::file_time_type::duration(written));
  cached.features = {reinterpret_cast<const std::int8_t*>(mapped_->bytes().data()) + at, bytes};
  at += bytes;
  samples_[key] = cached;
}

std::optional<CachedSample> FeatureCache::find(const Sample& sample, const FileStamp& stamp) const {
  const auto found = samples_.find(key_of(sample));
  if (found == samples_.end() || found->second.file.stamp != stamp) return std::nullopt;
  CachedSample cached = found->second;
  cached.file.path = sample.path;
  return cached;
}

// --- Writing

[[noreturn]] static void refuse_to_save(const fs::path& path, int error) {
  throw Error({path.string(), "the features cannot be saved: " + std::generic_category().message(error),
               "make room on the disk, or give the folder its permissions"});
}

FeatureWriter::FeatureWriter(const fs::path& folder, const FeatureSettings& settings) : folder_(folder) {
  if (folder.empty()) {
    memory_ = std::make_shared<std::vector<std::int8_t>>();
    return;
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse_to_save(folder, error.value());
  path_ = folder / fmt::format("features-{}-{}", getpid(), std::chrono::system_clock::now().time_since_epoch().count());
  header_ = header_of(settings) + "\n";
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_) refuse_to_save(path_, errno);
}

FeatureWriter::~FeatureWriter() {
  if (!file_) return;
  std::fclose(file_);
  std::error_code none;
  fs::remove(path_, none);
}

void FeatureWriter::add(const Sample& sample, const SampleFile& file, int windows,
                        std::span<const std::int8_t> features) {
  if (memory_) {
    memory_->insert(memory_->end(), features.begin(), features.end());
    return;
  }
  if (std::fwrite(features.data(), 1, features.size(), file_) != features.size()) refuse_to_save(path_, errno);
  index_ += line_of(sample, file, windows);
}

/// Another program that runs may be writing or reading it.
static bool is_in_use(const std::string& name) {
  int process = 0;
  const std::size_t number = name.find('-') + 1;
  std::from_chars(name.data() + number, name.data() + name.size(), process);
  return process != getpid() && process > 0 && (kill(process, 0) == 0 || errno == EPERM);
}

/// Of earlier times: the index names one.
static void remove_other_features(const fs::path& folder, const fs::path& kept) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (entry.path() != kept && name.starts_with("features-") && !is_in_use(name)) fs::remove(entry.path());
  }
}

FeatureWriter::Features FeatureWriter::finish() {
  if (memory_) return {*memory_, memory_};
  if (std::fclose(std::exchange(file_, nullptr)) != 0) {
    const int error = errno;
    fs::remove(path_);
    refuse_to_save(path_, error);
  }
  write_file(folder_ / "index", header_ + features_line(path_) + "\n" + index_);
  remove_other_features(folder_, path_);
  const auto mapped = std::make_shared<MappedFile>(path_);
  return {{reinterpret_cast<const std::int8_t*>(mapped->bytes().data()), mapped->bytes().size()}, mapped};
}

}  // namespace dragonet
