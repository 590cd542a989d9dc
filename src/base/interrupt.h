#pragma once

namespace dragonet {

/// While one of these lives, the first Ctrl-C (SIGINT) or SIGTERM only raises a flag, so that long work can end in an
/// orderly way; the second ends the program as usual.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;
  bool was_asked_to_stop() const;
};

}  // namespace dragonet
