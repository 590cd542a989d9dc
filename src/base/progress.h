#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace dragonet {

/// Progress on stderr: a bar that redraws on a terminal, a plain line every few seconds elsewhere.
class Progress {
 public:
  Progress(std::string what, std::size_t total);
  ~Progress();  // ends the bar's line
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  void update(std::size_t done, const std::string& note = {});

 private:
  std::string what_;
  std::size_t total_;
  std::chrono::steady_clock::time_point last_{};
  bool drawn_ = false;
};

}  // namespace dragonet
