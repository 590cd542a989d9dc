#include "base/printable.h"

#include <catch2/catch.hpp>

using namespace dragonet;

TEST_CASE("what a terminal would obey is written out, and letters, line ends and tabs stay") {
  CHECK(printable("drache é 龍\n\tnext") == "drache é 龍\n\tnext");
  CHECK(printable("a\033[2Jb\a\r\x7f") == "a\\x1b[2Jb\\x07\\x0d\\x7f");
  CHECK(printable("c1 \xc2\x9b, turned \xe2\x80\xae.") == "c1 \\u009b, turned \\u202e.");
  CHECK(printable("cut \xe2\x80") == "cut \xe2\x80");
}

TEST_CASE("colours stay where they are wanted, and nothing else that begins like them") {
  CHECK(printable("\033[30;48;5;12mx\033[0m", true) == "\033[30;48;5;12mx\033[0m");
  CHECK(printable("\033[0m") == "\\x1b[0m");
  CHECK(printable("\033[5A\033[", true) == "\\x1b[5A\\x1b[");
}

TEST_CASE("of a long name a column shows the end, in whole characters") {
  CHECK(cut_to("block_1/conv", 12) == "block_1/conv");
  CHECK(cut_to("network/block_1/conv", 12) == "...ck_1/conv");
  CHECK(cut_to("éééééééé", 5) == "...éé");
}

TEST_CASE("what would be markup in a picture stands as text") { CHECK(xml_text("a<b>&c") == "a&lt;b&gt;&amp;c"); }
