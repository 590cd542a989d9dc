#include "app/terminal_progress.h"

#include <unistd.h>

#include <catch2/catch.hpp>

#include "base/files.h"

using namespace dragonet;

// What `work` prints to stderr, which is a file meanwhile: not a terminal.
template <typename Work>
static std::string stderr_of(Work work) {
  const TemporaryFolder folder;
  const fs::path path = folder.path() / "stderr";
  const int saved = ::dup(STDERR_FILENO);
  REQUIRE(std::freopen(path.c_str(), "w", stderr));
  work();
  std::fflush(stderr);
  ::dup2(saved, STDERR_FILENO);
  ::close(saved);
  return read_text(path);
}

TEST_CASE("away from a terminal, progress is a line at the start, one at the end, and few between") {
  const std::string text = stderr_of([] {
    TerminalProgress terminal;
    const Observer observer = terminal.observer();
    Progress progress(observer, "train", 1000);
    for (int i = 0; i <= 1000; ++i) progress.update(static_cast<std::size_t>(i), "loss 0.5");
  });
  CHECK(text == "train 0%  loss 0.5\ntrain 100%  loss 0.5\n");
}
