// What work costs: processor time, which other programs do not change much, and memory at its largest.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace dragonet::testing {

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool costs_count = false;  // sanitizers take several times of both
#else
inline constexpr bool costs_count = true;
#endif

struct Cost {
  double seconds = 0;
  long peak_mb = 0;
};

/// In a process of its own, whose memory is nobody else's.
template <typename Work>
Cost cost_of(Work work) {
  const pid_t child = ::fork();
  if (child == 0) try {
      work();
      ::_exit(0);
    } catch (...) {
      ::_exit(1);
    }
  int status = -1;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  CHECK(status == 0);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime) + seconds(usage.ru_stime), usage.ru_maxrss >> 10};
}

}  // namespace dragonet::testing
