#include "base/files.h"

#include <sys/resource.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/error.h"

using namespace dragonet;
using Catch::Matchers::Contains;

static std::ptrdiff_t files_in(const fs::path& folder) {
  return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

TEST_CASE("what is written is read back, zero bytes and all, into folders that were not there") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "a" / "b" / "c.bin";
  const Bytes bytes{0, 255, 10, 13, 0};
  write_file(file, bytes);
  CHECK(read_bytes(file) == bytes);
  write_file(file, "text");
  CHECK(read_text(file) == "text");
  CHECK(files_in(file.parent_path()) == 1);  // the temporary name is gone
}

// As a full disk does, a limit on a file's size makes a write fail in the middle.
TEST_CASE("a write that fails in the middle leaves the old file whole and nothing beside it") {
  const TemporaryFolder folder;
  const fs::path file = folder.path() / "saved";
  write_file(file, "old");
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const rlimit small{.rlim_cur = 1000, .rlim_max = before.rlim_max};
  const auto previous = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  CHECK_THROWS_WITH(write_file(file, std::string(5000, 'x')), Contains("saved: cannot write: File too large"));
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, previous);
  CHECK(read_text(file) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("of files that belong together none takes its name before all are written") {
  const TemporaryFolder folder;
  const fs::path a = folder.path() / "a", b = folder.path() / "b";
  write_file(a, "old");
  const auto write_both = [&](const fs::path& second) {
    FileSet files;
    files.add(a, "new");
    CHECK(read_text(a) == "old");
    files.add(second, "new");
    CHECK(read_text(a) == "old");
    files.commit();
  };
  CHECK_THROWS_WITH(write_both("/dev/full"), Contains("no regular file"));
  CHECK(read_text(a) == "old");
  CHECK(files_in(folder.path()) == 1);
  write_both(b);
  CHECK(read_text(a) + read_text(b) == "newnew");
  CHECK(files_in(folder.path()) == 2);
}

TEST_CASE("what is no regular file is not written over, and a folder that takes no files is named") {
  CHECK_THROWS_WITH(write_file("/dev/full", "x"), Contains("no regular file"));
  CHECK_THROWS_WITH(write_file("/proc/dragonet", "x"), Contains("/proc/dragonet: cannot write"));
}

TEST_CASE("writing to a link writes the file that it points to") {
  const TemporaryFolder folder;
  write_file(folder.path() / "real", "old");
  fs::create_symlink("real", folder.path() / "link");
  write_file(folder.path() / "link", "new");
  CHECK(fs::is_symlink(folder.path() / "link"));
  CHECK(read_text(folder.path() / "real") == "new");
}

TEST_CASE("a file that is not there, or is a folder, is named in the error") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(read_bytes(folder.path() / "none"),
                    Contains("none: cannot read: No such file or directory; check"));
  CHECK_THROWS_WITH(read_bytes(folder.path()), Contains("cannot read: Is a directory; this is a folder"));
}

TEST_CASE("a temporary folder is gone with everything in it when it goes out of scope") {
  fs::path path;
  {
    const TemporaryFolder folder;
    path = folder.path();
    write_file(path / "a" / "b", "x");
    CHECK(fs::is_directory(path));
  }
  CHECK_FALSE(fs::exists(path));
}

TEST_CASE("the firmware's sources are found from wherever the program was built") {
  CHECK(fs::is_directory(firmware_folder() / "boards"));
  CHECK(fs::exists(program_folder() / "test_base"));
}

// Each of these would be read for ever, or never begin.
TEST_CASE("a device, a pipe and a folder are refused at once, and so is a file that no memory holds") {
  const TemporaryFolder folder;
  const fs::path pipe = folder.path() / "pipe", huge = folder.path() / "huge";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(read_bytes(pipe), Contains("pipe: cannot read: this is a device or a pipe; name a regular file"));
  CHECK_THROWS_WITH(read_bytes("/dev/zero"), Contains("/dev/zero: cannot read: this is a device"));
  CHECK_THROWS_WITH(read_bytes(folder.path()), Contains("cannot read: Is a directory; this is a folder: name a file"));
  write_file(huge, "");
  fs::resize_file(huge, std::uintmax_t{5} << 30);  // of holes: it takes no room
  CHECK_THROWS_WITH(read_bytes(huge), Contains("huge: cannot read: it holds 5.0 GB, and 2 GB are the most; cut it"));
}
