#include "base/late.h"

#include <catch2/catch.hpp>

#include "base/error.h"

using namespace dragonet;

TEST_CASE("a late library that is not there is named, with what needed it and what to do") {
  try {
    late_symbol({.file = "libdragonet_nowhere.so", .purpose = "reading tea leaves"}, "read");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    REQUIRE(error.problems.size() == 1);
    CHECK(error.problems[0].where.find("libdragonet_nowhere.so") != std::string::npos);
    CHECK(error.problems[0].what.find("reading tea leaves needs this library") == 0);
    CHECK(error.problems[0].next.find("make build") != std::string::npos);
  }
}
