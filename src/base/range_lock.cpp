// Locks of open file descriptions (fcntl(2), F_OFD_SETLK): one byte a lock, the file itself stays empty. Unlike those
// of flock they can be asked about without being taken, and unlike POSIX's own they are not lost when another
// descriptor of the same file is closed.
#include "base/range_lock.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace dragonet {

static struct flock byte_at(int number, short type) {
  struct flock range {};
  range.l_type = type;
  range.l_whence = SEEK_SET;
  range.l_start = number;
  range.l_len = 1;
  return range;
}

static Error unlockable(const fs::path& file) {
  return Error({file.string(), "cannot be locked: " + std::generic_category().message(errno),
                "check the disk, and the permissions of the folder"});
}

RangeLock::RangeLock(const fs::path& file, int number)
    : descriptor_(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) throw unlockable(file);
  struct flock range = byte_at(number, F_WRLCK);
  held_ = ::fcntl(descriptor_, F_OFD_SETLK, &range) == 0;
  if (held_ || errno == EAGAIN || errno == EACCES) return;
  const Error error = unlockable(file);
  ::close(descriptor_);
  throw error;
}

RangeLock::~RangeLock() { ::close(descriptor_); }

bool is_locked(const fs::path& file, int number) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock range = byte_at(number, F_RDLCK);
  const bool asked = ::fcntl(descriptor, F_OFD_GETLK, &range) == 0;
  ::close(descriptor);
  return asked && range.l_type != F_UNLCK;
}

}  // namespace dragonet
