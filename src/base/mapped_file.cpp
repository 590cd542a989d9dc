#include "base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <system_error>

#include "base/error.h"

namespace dragonet {

[[noreturn]] static void refuse(const fs::path& path) {
  throw Error({path.string(), "cannot be read: " + std::generic_category().message(errno), "check its permissions"});
}

MappedFile::MappedFile(const fs::path& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);  // a named pipe would wait for its writer
  if (file < 0) refuse(path);
  struct stat status {};
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    close(file);
    throw Error({path.string(), "cannot be read: it is no regular file", "name a file"});
  }
  size_ = static_cast<std::size_t>(lseek(file, 0, SEEK_END));
  void* const data = size_ > 0 ? mmap(nullptr, size_, PROT_READ, MAP_SHARED, file, 0) : nullptr;
  close(file);
  if (data == MAP_FAILED) refuse(path);
  data_ = static_cast<const std::uint8_t*>(data);
}

MappedFile::~MappedFile() {
  if (data_) munmap(const_cast<std::uint8_t*>(data_), size_);
}

}  // namespace dragonet
