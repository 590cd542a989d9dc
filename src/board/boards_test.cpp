#include <catch2/catch.hpp>

#include "base/error.h"
#include "base/files.h"
#include "board/chip.h"
#include "board/core.h"

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

TEST_CASE("every board names a chip and a core that have their rows, and its chip's drivers and start-up are there") {
  for (const Board& board : boards()) {
    INFO(board.id);
    CHECK(chip_of(board).id == board.chip);
    CHECK(core_of(board).id == board.core);
    CHECK_FALSE(board.part.empty());
    CHECK(board.clock_hz > 0);
    CHECK(fs::exists(firmware_folder() / "chips" / board.chip));
    CHECK(fs::exists(firmware_folder() / "cores" / core_of(board).start_up));
    CHECK(fs::exists(firmware_folder() / "boards" / board.id / (board.id + ".ld")));
  }
}

TEST_CASE("a chip that has no row is refused, with those that have one and the page that adds one") {
  Board board = boards().front();
  board.chip = "z80";
  CHECK_THROWS_WITH(chip_of(board), Contains("chip `z80`: there is no chip of this name; these are known: samd21") &&
                                        Contains("docs/add-a-board.md"));
}

TEST_CASE("a misspelt board is answered with the nearest") {
  CHECK_THROWS_WITH(find_board("mkrzro"),
                    Contains("board mkrzro: there is no board of this name; did you mean mkrzero?"));
}
