#pragma once

#include "base/files.h"

namespace dragonet {

/// Holds entry `number` of a file of locks until it is destroyed, or until its process ends in any way: the system then
/// releases the lock, so that no stale lock is left behind.
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
