#include "base/interrupt.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

using namespace dragonet;

TEST_CASE("the first interrupt raises a flag, the second ends the program") {
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const Interruptible interruptible;
    std::raise(SIGINT);
    if (!interruptible.was_asked_to_stop()) _exit(3);
    std::raise(SIGINT);
    _exit(4);
  }
  int status = 0;
  waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGINT);
}
