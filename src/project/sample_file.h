#pragma once

#include <string>

#include "base/files.h"

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

}  // namespace dragonet
