#pragma once

#include "base/files.h"

namespace dragonet {

/// A folder of this process's own, within the one that its files are for. What several processes make for one folder
/// at once does not mix: each has its own place, and moves all of it at a time.
class Staging {
 public:
  explicit Staging(const fs::path& target);
  ~Staging();  // what was not moved is gone
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  const fs::path& path() const { return path_; }

  /// Every file takes its name in the target; other files that lie there stay. Throws Error.
  void move_into_place();

 private:
  fs::path target_, path_;
};

}  // namespace dragonet
