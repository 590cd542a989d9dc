// What the fuzzer found, and what it found worth keeping, without the fuzzer: files as they are in corpus/.
#include <catch2/catch.hpp>

#include "handle.h"

using namespace dragonet;
using namespace dragonet::testing;

TEST_CASE("every file of the fuzzer's corpus is handled or refused in whole sentences, never a crash") {
  int files = 0;
  for (const auto& entry : fs::directory_iterator("tests/hostile/corpus")) {
    INFO(entry.path());
    CHECK_NOTHROW(refusal_by_all(read_bytes(entry.path())));
    ++files;
  }
  CHECK(files > 20);
}
