#include "base/parallel.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <vector>

using namespace dragonet;

TEST_CASE("every number is worked on once, and the caller is told when all are done") {
  std::vector<std::atomic<int>> times(1000);
  std::size_t told = 0;
  for_each_parallel(
      times.size(), [&](std::size_t i) { ++times[i]; }, [&](std::size_t done) { told = done; });
  for (const auto& count : times) CHECK(count == 1);
  CHECK(told == 1000);
  for_each_parallel(0, [](std::size_t) { FAIL(); });
}

TEST_CASE("what one of them throws is thrown to the caller") {
  const auto work = [](std::size_t i) {
    if (i == 77) throw std::runtime_error("no. 77");
  };
  CHECK_THROWS_WITH(for_each_parallel(100, work), "no. 77");
}
