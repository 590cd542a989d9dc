#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dragonet {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// All of a regular file, of at most 2 GB. Throws Error if it cannot be read, or is a device, a pipe or a folder.
Bytes read_bytes(const fs::path& path);
std::string read_text(const fs::path& path);

/// Writes beside the file under a temporary name, then renames: a crash or a full disk leaves the old file whole.
/// Makes the folders on the way. Throws Error.
void write_file(const fs::path& path, std::span<const std::uint8_t> bytes);
void write_file(const fs::path& path, std::string_view text);

/// Files that belong together: all are written under temporary names before the first takes its own, so a full disk
/// leaves the old set whole. Without `commit` nothing of them stays.
class FileSet {
 public:
  FileSet() = default;
  ~FileSet();
  FileSet(const FileSet&) = delete;
  FileSet& operator=(const FileSet&) = delete;
  void add(const fs::path& path, std::span<const std::uint8_t> bytes);
  void add(const fs::path& path, std::string_view text);
  void commit();  // each takes its name, in the order in which they were added

 private:
  struct File {
    fs::path path, target, beside;  // as given; without links; the temporary one
  };
  std::vector<File> files_;
};

/// The program's own folder, and where it finds its `firmware/` sources (beside the build, or installed).
fs::path program_folder();
fs::path firmware_folder();

/// A folder that is removed with everything in it when this goes out of scope. The process's first one also removes
/// those of processes that were killed (leftovers.h).
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  int lock_ = -1;  // held as long as it is in use
};

}  // namespace dragonet
