#include "base/range_lock.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <optional>

#include "base/error.h"

using namespace dragonet;

TEST_CASE("an entry is held by one at a time, and others beside it are free") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "locks";
  CHECK_FALSE(is_locked(file, 3));
  std::optional<RangeLock> first(std::in_place, file, 3);
  CHECK(first->held());
  CHECK_FALSE(RangeLock(file, 3).held());
  CHECK(RangeLock(file, 4).held());
  CHECK(is_locked(file, 3));
  CHECK_FALSE(is_locked(file, 4));
  first.reset();
  CHECK_FALSE(is_locked(file, 3));
  CHECK(fs::file_size(file) == 0);
}

TEST_CASE("a process that is killed holds nothing any more") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "locks";
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const RangeLock lock(file, 1);
    [[maybe_unused]] const auto written = ::write(ready[1], "x", 1);
    for (;;) ::pause();
  }
  char byte;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  CHECK(is_locked(file, 1));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_FALSE(is_locked(file, 1));
  ::close(ready[0]), ::close(ready[1]);
}

TEST_CASE("a folder that is not there cannot hold locks, and is named") {
  CHECK_THROWS_AS(RangeLock("/nowhere/locks", 1), Error);
  CHECK_FALSE(is_locked("/nowhere/locks", 1));
}
