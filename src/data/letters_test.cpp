#include "data/letters.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("names that look the same are the same: capitals, composed letters, blanks at the ends") {
  CHECK(folded("Dragon") == folded("dragon"));
  CHECK(folded("caf\u00e9") == folded("cafe\u0301"));
  CHECK(folded("CAF\u00c9") == folded("cafe\u0301"));
  CHECK(folded("\u1ec7") == folded("e\u0323\u0302"));  // a letter with two marks
  CHECK(folded("\u0439") == folded("\u0418\u0306"));
  CHECK(folded("\u304c") == folded("\u304b\u3099"));
  CHECK(folded(" yes ") == folded("yes"));
}

TEST_CASE("other names stay others") {
  CHECK(folded("resume") != folded("r\u00e9sum\u00e9"));
  CHECK(folded("drake") != folded("drakes"));
  CHECK(folded("\xff\xfe") != folded("\xff\xfd"));  // no UTF-8
}
