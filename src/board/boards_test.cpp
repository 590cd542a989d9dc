#include <catch2/catch.hpp>

#include "base/error.h"
#include "board/board.h"

using namespace dragonet;
using Catch::Matchers::Contains;

TEST_CASE("the MKR Zero leaves 253 952 bytes of flash behind its bootloader") {
  const Board& board = find_board("mkrzero");
  CHECK(board.flash_usable() == 253'952);
  CHECK(board.ram.bytes == 32'768);
  CHECK(board.ram.contains(0x2000'7FFF));
  CHECK_FALSE(board.ram.contains(0x2000'8000));
  CHECK_FALSE(board.ram.contains(0x1FFF'FFFF));
}

TEST_CASE("every board's application lies in its flash, and its numbers have a source") {
  for (const Board& board : boards()) {
    INFO(board.id);
    CHECK(board.flash.contains(board.application));
    CHECK_FALSE(board.source.empty());
    CHECK(&find_board(board.id) == &board);
  }
}

TEST_CASE("a misspelt board is answered with the nearest") {
  CHECK_THROWS_WITH(find_board("mkrzro"),
                    Contains("board mkrzro: there is no board of this name; did you mean mkrzero?"));
}
