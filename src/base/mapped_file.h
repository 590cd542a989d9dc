#pragma once

#include <span>

#include "base/files.h"

namespace dragonet {

/// A file's bytes as memory that the system reads when they are looked at, and drops when it needs the room.
class MappedFile {
 public:
  explicit MappedFile(const fs::path& path);  // throws Error if it cannot be read
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  std::span<const std::uint8_t> bytes() const { return {data_, size_}; }

 private:
  const std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace dragonet
