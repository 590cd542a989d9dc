#pragma once

#include <mutex>

namespace dragonet {

/// While one lives that is wanted, what other libraries write to stderr goes nowhere: libjpeg and libmpg123 say there
/// what they think of a file, and we say it in our words. One at a time; what this program itself says meanwhile is how
/// far it is, which is said again.
class SilentErrors {
 public:
  explicit SilentErrors(bool is_wanted = true);
  ~SilentErrors();
  SilentErrors(const SilentErrors&) = delete;
  SilentErrors& operator=(const SilentErrors&) = delete;

 private:
  std::unique_lock<std::mutex> lock_;
  int kept_ = -1;
};

}  // namespace dragonet
