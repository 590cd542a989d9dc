// A pair of pseudo terminals for tests: what is written into one end comes out of the other as from a serial port.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <utility>

#include "base/files.h"

namespace dragonet {

/// A machine without pseudo terminals (a bare chroot without /dev/pts) cannot run these tests, and says so.
inline bool has_pseudo_terminals() {
  const int descriptor = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) {
    WARN("skipped: this machine has no pseudo terminals, so nothing can pass for a serial port");
    return false;
  }
  ::close(descriptor);
  return true;
}

class PretendedBoard {
 public:
  PretendedBoard() : descriptor_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    REQUIRE(descriptor_ >= 0);
    REQUIRE(::grantpt(descriptor_) == 0);
    REQUIRE(::unlockpt(descriptor_) == 0);
    port_ = ::ptsname(descriptor_);
  }
  ~PretendedBoard() { unplug(); }
  PretendedBoard(const PretendedBoard&) = delete;
  PretendedBoard& operator=(const PretendedBoard&) = delete;

  const fs::path& port() const { return port_; }
  void print(const std::string& text) {
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t written = ::write(descriptor_, text.data() + at, text.size() - at);
      if (written <= 0) return;
      at += static_cast<std::size_t>(written);
    }
  }
  void unplug() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_;
  fs::path port_;
};

}  // namespace dragonet
