#include "project/sample_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"

namespace dragonet {

FileHashes hashes_of(const Samples& samples) {
  FileHashes hashes;
  for (const SampleFile& file : samples.files) hashes[file.path.generic_string()] = file.hash;
  return hashes;
}

std::vector<std::string> changes_between(const FileHashes& then, const FileHashes& now) {
  std::vector<std::string> changes;
  for (const auto& [path, hash] : then) {
    const auto found = now.find(path);
    if (found == now.end())
      changes.push_back(path + " is gone");
    else if (found->second != hash)
      changes.push_back(path + " has changed");
  }
  for (const auto& [path, hash] : now)
    if (!then.contains(path)) changes.push_back(path + " is new");
  return changes;
}

/// The file is read again only where its size or its time says that it may be another.
static std::string hash_on_disk(const fs::path& path, const SampleFile& known) {
  if (stamp_of(path) == known.stamp) return known.hash;
  try {
    return sha256_of(read_bytes(path));
  } catch (const Error&) {
    return "cannot be read";
  }
}

std::vector<std::string> changes_on_disk(const Samples& samples) {
  FileHashes now;
  for (const SampleFile& file : samples.files)
    if (const fs::path path = samples.dataset.folder / file.path; fs::exists(path))
      now[file.path.generic_string()] = hash_on_disk(path, file);
  return changes_between(hashes_of(samples), now);
}

void require_unchanged(const Samples& samples, const std::string& when, const std::string& next) {
  if (const std::vector<std::string> changes = changes_on_disk(samples); !changes.empty())
    throw Error({samples.dataset.folder.string(), fmt::format("it changed {}: {}", when, some_of(changes)), next});
}

std::string some_of(const std::vector<std::string>& list) {
  constexpr std::size_t most = 3;
  const auto end = list.begin() + static_cast<std::ptrdiff_t>(std::min(most, list.size()));
  const std::string text = fmt::format("{}", fmt::join(list.begin(), end, ", "));
  return list.size() <= most ? text : fmt::format("{} and {} more", text, list.size() - most);
}

}  // namespace dragonet
