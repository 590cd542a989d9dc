#pragma once

#include "base/files.h"

namespace dragonet {

/// Holds entry `number` of a file of locks until it is destroyed, or its process ends in whatever way: the system
/// lets go of it, so nothing is left behind that says otherwise.
class RangeLock {
 public:
  /// Makes the file where it is not there. Throws Error if it cannot be locked. Not `held` if another has it.
  RangeLock(const fs::path& file, int number);
  ~RangeLock();
  RangeLock(const RangeLock&) = delete;
  RangeLock& operator=(const RangeLock&) = delete;
  bool held() const { return held_; }

 private:
  int descriptor_;
  bool held_ = false;
};

/// Does anybody hold this entry? Asks without taking it, also of a file that may only be read.
bool is_locked(const fs::path& file, int number);

}  // namespace dragonet
