#include "project/feature_cache.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <system_error>

#include "base/error.h"
#include "base/hash.h"
#include "features/settings_json.h"

namespace dragonet {

static constexpr const char* version = "dragonet features 3";

FileStamp stamp_of(const fs::path& path) {
  std::error_code none;
  const std::uintmax_t bytes = fs::file_size(path, none);
  return none ? FileStamp{} : FileStamp{bytes, fs::last_write_time(path, none)};
}

static std::string header_of(const FeatureSettings& settings) {
  return fmt::format("{} {}", version, features_json(settings).dump());
}

static std::string key_of(const Sample& sample) {
  return fmt::format("{} {} {}", sample.first_s, sample.last_s, sample.path.generic_string());
}

std::string hash_of(std::span<const std::int8_t> features) {
  return sha256_of({reinterpret_cast<const std::uint8_t*>(features.data()), features.size()});
}

static std::string hash_of(const std::string& text) {
  return sha256_of({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

/// "bytes time hash windows features' hash first_s last_s path": the path is last, since it may hold anything but a
/// line's end.
static std::string line_of(const Sample& sample, const CachedSample& made) {
  const SampleFile& file = made.file;
  return fmt::format("{} {} {} {} {} {}\n", file.stamp.bytes, file.stamp.written.time_since_epoch().count(), file.hash,
                     made.windows, made.features_hash, key_of(sample));
}

// --- Reading

FeatureCache::FeatureCache(const fs::path& folder, const FeatureSettings& settings) {
  try {
    if (!folder.empty() && fs::exists(folder / "index")) read_index(folder, settings);
  } catch (const Error&) {
    *this = {};
  }
}

/// Without the hash of it all, which is its last line.
static std::string unsealed(std::string index) {
  const std::size_t last = index.size() < 2 ? 0 : index.rfind('\n', index.size() - 2) + 1;
  const std::string hash = index.substr(last);
  index.resize(last);
  if (hash != hash_of(index) + "\n") throw Error({"the cache", "is damaged", "it is made anew"});
  return index;
}

std::span<const std::int8_t> FeatureCache::features() const {
  if (!mapped) return {};
  return {reinterpret_cast<const std::int8_t*>(mapped->bytes().data()), mapped->bytes().size()};
}

void FeatureCache::read_index(const fs::path& folder, const FeatureSettings& settings) {
  const std::string text = unsealed(read_text(folder / "index"));
  std::istringstream index(text);
  std::string header, file;
  if (!std::getline(index, header) || header != header_of(settings) || !std::getline(index, file)) return;
  mapped = std::make_shared<MappedFile>(folder / fs::path(file).filename());
  lines = text.substr(static_cast<std::size_t>(index.tellg()));
  std::size_t at = 0;
  for (std::string line; std::getline(index, line);) read_line(line, shape_of(settings).bytes(), at);
  if (at != features().size()) throw Error({"the cache", "is damaged", "it is made anew"});
  name = file;
}

void FeatureCache::read_line(const std::string& line, std::size_t feature_bytes, std::size_t& at) {
  std::istringstream words(line);
  CachedSample cached;
  std::int64_t written = 0;
  std::string key;
  words >> cached.file.stamp.bytes >> written >> cached.file.hash >> cached.windows >> cached.features_hash;
  words.get();
  std::getline(words, key);
  const std::size_t bytes = feature_bytes * static_cast<std::size_t>(std::max(cached.windows, 0));
  if (!words || at + bytes > features().size()) throw Error({"the cache", "is damaged", "it is made anew"});
  cached.file.stamp.written = fs::file_time_type(fs::file_time_type::duration(written));
  cached.features = features().subspan(at, bytes);
  at += bytes;
  samples_[key] = cached;
}

std::optional<CachedSample> FeatureCache::find(const Sample& sample, const FileStamp& stamp) const {
  const auto found = samples_.find(key_of(sample));
  if (found == samples_.end() || found->second.file.stamp != stamp) return std::nullopt;
  CachedSample cached = found->second;
  if (hash_of(cached.features) != cached.features_hash) return std::nullopt;
  cached.file.path = sample.path;
  return cached;
}

// --- Writing

[[noreturn]] static void refuse_to_save(const fs::path& path, int error) {
  throw Error({path.string(), "the features cannot be saved: " + std::generic_category().message(error),
               "make room on the disk, or give the folder its permissions"});
}

FeatureWriter::FeatureWriter(const fs::path& folder, const FeatureSettings& settings, const FeatureCache& known)
    : known_(known), folder_(folder), header_(header_of(settings) + "\n") {
  if (folder.empty()) memory_ = std::make_shared<std::vector<std::int8_t>>();
}

FeatureWriter::~FeatureWriter() {
  if (!file_) return;
  std::fclose(file_);
  std::error_code none;
  fs::remove(path_, none);
}

/// As the cache goes on after what was kept of it.
bool FeatureWriter::is_known(std::span<const std::int8_t> features) const {
  const std::span<const std::int8_t> rest = known_.features().subspan(kept_);
  return !file_ && features.size() <= rest.size() && std::ranges::equal(features, rest.first(features.size()));
}

void FeatureWriter::begin_file() {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) refuse_to_save(folder_, error.value());
  path_ =
      folder_ / fmt::format("features-{}-{}", getpid(), std::chrono::system_clock::now().time_since_epoch().count());
  file_ = std::fopen(path_.c_str(), "wb");
  if (!file_) refuse_to_save(path_, errno);
  write(known_.features().first(kept_));
}

void FeatureWriter::write(std::span<const std::int8_t> features) {
  if (features.empty()) return;  // there may be no memory, and fwrite is never given none
  if (std::fwrite(features.data(), 1, features.size(), file_) != features.size()) refuse_to_save(path_, errno);
}

void FeatureWriter::add(const Sample& sample, const CachedSample& made) {
  const std::span<const std::int8_t> features = made.features;
  if (memory_) {
    memory_->insert(memory_->end(), features.begin(), features.end());
    return;
  }
  lines_ += line_of(sample, made);
  if (is_known(features)) {
    kept_ += features.size();
    return;
  }
  if (!file_) begin_file();
  write(features);
}

/// Another program that runs may be writing or reading it.
static bool is_in_use(const std::string& name) {
  int process = 0;
  const std::size_t number = name.find('-') + 1;
  std::from_chars(name.data() + number, name.data() + name.size(), process);
  return process != getpid() && process > 0 && (kill(process, 0) == 0 || errno == EPERM);
}

/// Of earlier times: the index names one.
static void remove_other_features(const fs::path& folder, const std::string& kept) {
  std::error_code stays;
  for (const auto& entry : fs::directory_iterator(folder, stays)) {
    const std::string name = entry.path().filename().string();
    if (name != kept && name.starts_with("features-") && !is_in_use(name)) fs::remove(entry.path(), stays);
  }
}

void FeatureWriter::save_index(const std::string& features_name) {
  const std::string index = header_ + features_name + "\n" + lines_;
  write_file(folder_ / "index", index + hash_of(index) + "\n");
}

FeatureWriter::Features FeatureWriter::finish() {
  if (memory_) return {*memory_, memory_};
  if (!file_ && !known_.name.empty() && kept_ == known_.features().size()) {
    if (lines_ != known_.lines) save_index(known_.name);  // only a file's time or name is another
    remove_other_features(folder_, known_.name);
    return {known_.features(), known_.mapped};
  }
  if (!file_) begin_file();  // there are fewer samples
  if (std::fclose(std::exchange(file_, nullptr)) != 0) {
    const int error = errno;
    fs::remove(path_);
    refuse_to_save(path_, error);
  }
  save_index(path_.filename().string());
  remove_other_features(folder_, path_.filename().string());
  const auto mapped = std::make_shared<MappedFile>(path_);
  return {{reinterpret_cast<const std::int8_t*>(mapped->bytes().data()), mapped->bytes().size()}, mapped};
}

}  // namespace dragonet
