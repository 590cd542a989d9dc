#include <catch2/catch.hpp>

#include "board/chip.h"

namespace dragonet {

static std::unique_ptr<Peripherals> samd21() {
  const Board& board = find_board("mkrzero");
  return chip_of(board).peripherals(board);
}

// The rules are those that a chip punishes with a crash, a hang or silence: what the start-up must get right.
TEST_CASE("Raising the clock to 48 MHz before the flash has its wait state is refused") {
  const auto chip = samd21();
  chip->write(0x40000824, 2, 1 << 1);            // SYSCTRL.DFLLCTRL: enabled, not on demand
  chip->write(0x40000C04, 4, 7 << 8 | 1 << 16);  // GCLK.GENCTRL: generator 0 from the DFLL
  CHECK_THAT(chip->complaint, Catch::Contains("no flash wait state"));
}

TEST_CASE("With the wait state first it is allowed") {
  const auto chip = samd21();
  chip->write(0x41004004, 4, 1 << 1);  // NVMCTRL.CTRLB
  chip->write(0x40000824, 2, 1 << 1);
  chip->write(0x40000C04, 4, 7 << 8 | 1 << 16);
  CHECK(chip->complaint == "");
}

TEST_CASE("The DFLL's registers are not written in on-demand mode") {
  const auto chip = samd21();
  chip->write(0x4000082C, 4, 1464);  // SYSCTRL.DFLLMUL
  CHECK_THAT(chip->complaint, Catch::Contains("on-demand"));
}

TEST_CASE("A crystal is ready once it is enabled and not on demand") {
  const auto chip = samd21();
  CHECK((chip->read(0x4000080C, 4, 0) & 2) == 0);
  chip->write(0x40000814, 2, 0x82);  // SYSCTRL.XOSC32K
  CHECK((chip->read(0x4000080C, 4, 0) & 2) == 0);
  chip->write(0x40000814, 2, 0x02);
  CHECK((chip->read(0x4000080C, 4, 0) & 2) == 2);
}

TEST_CASE("A peripheral without its bus clock does not answer") {
  const auto chip = samd21();
  chip->write(0x42001C00, 4, 0);
  CHECK(chip->complaint == "writes SERCOM5.CTRLA at 0x42001c00 while PM.APBCMASK gives it no clock");
}

TEST_CASE("A UART without pins and rate prints nothing") {
  const auto chip = samd21();
  chip->write(0x40000420, 4, 1 << 7);
  chip->write(0x42001C28, 2, 'x');
  CHECK_THAT(chip->complaint, Catch::Contains("115200"));
}

TEST_CASE("A UART that another board's pins and SERCOM carry is set up on those") {
  Board board = find_board("mkrzero");
  board.uart = {
      .unit = 0, .tx = {.number = 10, .function = 2, .pad = 2}, .rx = {.number = 11, .function = 2, .pad = 3}};
  const auto chip = chip_of(board).peripherals(board);
  chip->write(0x40000420, 4, 1 << 2);                                      // PM.APBCMASK: SERCOM0
  chip->write(0x40000C02, 2, 0x14 | 1 << 14);                              // GCLK.CLKCTRL
  chip->write(0x41004435, 1, 0x22);                                        // PORT.PMUX5 of group A
  chip->write(0x4100444A, 1, 1), chip->write(0x4100444B, 1, 3);            // PINCFG10 and 11
  chip->write(0x42000804, 4, 3 << 16), chip->write(0x4200080C, 2, 63019);  // SERCOM0.CTRLB and BAUD
  chip->write(0x42000800, 4, 1 << 30 | 3 << 20 | 1 << 16 | 1 << 2 | 1 << 1);
  chip->write(0x42000828, 2, 'x');
  CHECK(chip->complaint == "");
  CHECK(chip->uart.take_printed() == "x");
}

TEST_CASE("A register is touched as a whole") {
  const auto chip = samd21();
  chip->read(0x40000420, 1, 0);
  CHECK(chip->complaint == "reads 1 bytes at 0x40000420, where the virtual board knows no such register");
}

}  // namespace dragonet
