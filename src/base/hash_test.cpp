#include "base/hash.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("sha256_of gives the published digest of \"abc\"") {  // FIPS 180-2, appendix B.1
  const std::uint8_t abc[] = {'a', 'b', 'c'};
  CHECK(sha256_of(abc) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
