#include "judge/table.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("columns are as wide as their widest cell in characters, and lines end without spaces") {
  CHECK(table_text({{"run", "state"}, {"1", "né"}, {"10", "finished"}}, {true}) ==
        "run  state\n"
        "  1  né\n"
        " 10  finished\n");
  CHECK(table_text({{"é", "b"}, {"aa", "c"}}) == "é   b\naa  c\n");
}

TEST_CASE("rows may be of different lengths, and none at all are no text") {
  CHECK(table_text({{"a"}, {"b", "c", ""}}) == "a\nb  c\n");
  CHECK(table_text({}) == "");
}
