#include "base/silent_errors.h"

#include <fcntl.h>
#include <unistd.h>

namespace dragonet {

static std::mutex one_at_a_time;

SilentErrors::SilentErrors(bool is_wanted) {
  if (!is_wanted) return;
  lock_ = std::unique_lock(one_at_a_time);
  const int nothing = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  kept_ = ::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (nothing >= 0 && kept_ >= 0) ::dup2(nothing, STDERR_FILENO);
  if (nothing >= 0) ::close(nothing);
}

SilentErrors::~SilentErrors() {
  if (kept_ < 0) return;
  ::dup2(kept_, STDERR_FILENO);
  ::close(kept_);
}

}  // namespace dragonet
