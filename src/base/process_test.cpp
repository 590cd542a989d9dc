#include "base/process.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("a program's two outputs and its exit status come back") {
  const ProcessResult result = run_process({"sh", "-c", "echo out; echo err >&2; exit 3"});
  CHECK(result.output == "out\nerr\n");
  CHECK(result.status == 3);
}

TEST_CASE("no shell looks at the arguments") {
  CHECK(run_process({"printf", "%s", "$HOME `id` *; x"}).output == "$HOME `id` *; x");
}

TEST_CASE("a program that is not there is status 127, one that a signal ended 128 and the signal") {
  CHECK(run_process({"no-such-program-here"}).status == 127);
  CHECK(run_process({"sh", "-c", "kill -9 $$"}).status == 128 + 9);
}

TEST_CASE("more output than a pipe holds does not block, and standard input is empty") {
  CHECK(run_process({"head", "-c", "300000", "/dev/zero"}).output.size() == 300000);
  CHECK(run_process({"cat"}).output == "");
}
