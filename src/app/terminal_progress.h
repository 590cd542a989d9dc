#pragma once

#include <chrono>

#include "base/observer.h"

namespace dragonet {

/// The observer of the command line, on stderr: a bar that redraws on a terminal, a plain line every few seconds
/// elsewhere; remarks are lines.
class TerminalProgress {
 public:
  TerminalProgress() = default;
  ~TerminalProgress() { end_bar(); }
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  Observer observer();  // valid while this lives

 private:
  void show(const ProgressReport& report);
  bool is_due(const ProgressReport& report) const;
  void end_bar();

  std::string what_;
  std::size_t done_ = 0;
  std::chrono::steady_clock::time_point last_{};
  bool bar_is_open_ = false;
};

}  // namespace dragonet
