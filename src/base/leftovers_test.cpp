#include "base/leftovers.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/staging.h"

using namespace dragonet;

/// The number of a process that has ended.
static int gone_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  ::waitpid(child, nullptr, 0);
  return child;
}

TEST_CASE("a temporary name tells its process, and other names tell none") {
  CHECK(maker_of("checkpoint.4711.tmp") == 4711);
  CHECK(maker_of("dragons.part-12") == 12);
  CHECK(maker_of(".build-7") == 7);
  CHECK(maker_of("dragonet-99-abc") == 99);
  for (const char* name : {"model.tflite", "notes.tmp", "a.b.tmp", "say-1.txt", "x.part-", "x.part-1a", "dragonet-12",
                           "dragonet-x-1", ".tmp", ".12.tmp", "features-3-4", "x.-5.tmp", "x.99999999999.tmp"})
    CHECK_FALSE(maker_of(name));
}

TEST_CASE("what a process that is gone has left is removed, and what one that runs is at, or anybody's files, stays") {
  const TemporaryFolder home;
  const std::string gone = std::to_string(gone_process()), mine = std::to_string(::getpid());
  for (const std::string& name : {"a." + gone + ".tmp", "a." + mine + ".tmp", std::string("a.tmp"), "b." + gone})
    write_file(home.path() / name, "x");
  write_file(home.path() / ("p.part-" + gone) / "deep/file", "x");
  write_file(home.path() / "below" / ("c." + gone + ".tmp"), "x");
  sweep(home.path(), "p.");
  CHECK_FALSE(fs::exists(home.path() / ("p.part-" + gone)));
  CHECK(fs::exists(home.path() / ("a." + gone + ".tmp")));
  sweep_all(home.path());
  CHECK_FALSE(fs::exists(home.path() / ("a." + gone + ".tmp")));
  CHECK_FALSE(fs::exists(home.path() / "below" / ("c." + gone + ".tmp")));
  for (const std::string& name : {"a." + mine + ".tmp", std::string("a.tmp"), "b." + gone})
    CHECK(fs::exists(home.path() / name));
  CHECK_NOTHROW(sweep_all(home.path() / "nowhere"));
}

// Of another container the number means nothing here: it may be gone, or another's.
TEST_CASE("a temporary folder that is in use stays, whatever number its name tells") {
  const TemporaryFolder home;
  const fs::path named = home.path() / ("dragonet-" + std::to_string(gone_process()) + "-abc");
  fs::create_directory(named);
  const int descriptor = ::open(named.c_str(), O_RDONLY | O_DIRECTORY);
  struct flock range {};
  range.l_type = F_RDLCK;
  REQUIRE(::fcntl(descriptor, F_OFD_SETLK, &range) == 0);
  sweep(home.path());
  CHECK(fs::exists(named));
  ::close(descriptor);
  sweep(home.path());
  CHECK_FALSE(fs::exists(named));
}

TEST_CASE("what is staged for a temporary folder moves there, too") {
  const TemporaryFolder target;
  Staging staging(target.path());
  write_file(staging.path() / "model.cpp", "new");
  staging.move_into_place();
  CHECK(read_text(target.path() / "model.cpp") == "new");
}

TEST_CASE("a link under a temporary name is not followed") {
  const TemporaryFolder home;
  write_file(home.path() / "kept/file", "x");
  fs::create_symlink(home.path() / "kept", home.path() / (".build-" + std::to_string(gone_process())));
  sweep(home.path());
  CHECK(fs::exists(home.path() / "kept/file"));
}

TEST_CASE("what is staged moves into place all at once, beside what lies there, and leaves nothing else") {
  const TemporaryFolder home;
  const fs::path target = home.path() / "out";
  write_file(target / "mine.txt", "mine");
  write_file(target / "kernels/old.h", "old");
  {
    Staging staging(target);
    write_file(staging.path() / "model.cpp", "new");
    write_file(staging.path() / "kernels/new.h", "new");
    CHECK_FALSE(fs::exists(target / "model.cpp"));
    staging.move_into_place();
  }
  CHECK(read_text(target / "model.cpp") == "new");
  CHECK(read_text(target / "kernels/new.h") == "new");
  CHECK(read_text(target / "kernels/old.h") == "old");
  CHECK(read_text(target / "mine.txt") == "mine");
  CHECK(std::distance(fs::directory_iterator(target), fs::directory_iterator()) == 3);
  { const Staging given_up(target); }
  CHECK(std::distance(fs::directory_iterator(target), fs::directory_iterator()) == 3);
}
