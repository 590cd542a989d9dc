#include "base/staging.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"
#include "base/leftovers.h"

namespace dragonet {

[[noreturn]] static void refuse(const fs::path& path, const std::error_code& error) {
  throw Error({path.string(), "cannot be written: " + error.message(),
               "make room on the disk, or choose another folder that may be written"});
}

/// Until it ends, or its process does, nobody else moves files into this folder.
class FolderLock {
 public:
  explicit FolderLock(const fs::path& folder)
      : descriptor_(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    while (descriptor_ >= 0 && ::flock(descriptor_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int descriptor_;
};

Staging::Staging(const fs::path& target) : target_(target), path_(target / fmt::format(".build-{}", ::getpid())) {
  std::error_code error;
  fs::create_directories(target, error);
  if (error) refuse(target, error);
  sweep(target, ".build-");
  fs::remove_all(path_, error);
  fs::create_directory(path_, error);
  if (error) refuse(target, error);
}

Staging::~Staging() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

void Staging::move_into_place() {
  const FolderLock lock(target_);
  for (const auto& entry : fs::recursive_directory_iterator(path_)) {
    const fs::path place = target_ / fs::relative(entry.path(), path_);
    std::error_code error;
    if (entry.is_directory())
      fs::create_directories(place, error);
    else
      fs::rename(entry.path(), place, error);
    if (error) refuse(place, error);
  }
}

}  // namespace dragonet
