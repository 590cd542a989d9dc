#include "board/samd21_peripherals.h"

#include <catch2/catch.hpp>

namespace dragonet {

constexpr std::uint32_t clock_hz = 48'000'000;

// The rules are those that a chip punishes with a crash, a hang or silence: what the start-up must get right.
TEST_CASE("Raising the clock to 48 MHz before the flash has its wait state is refused") {
  Samd21Peripherals chip(clock_hz);
  chip.write(0x40000824, 2, 1 << 1);            // SYSCTRL.DFLLCTRL: enabled, not on demand
  chip.write(0x40000C04, 4, 7 << 8 | 1 << 16);  // GCLK.GENCTRL: generator 0 from the DFLL
  CHECK_THAT(chip.complaint, Catch::Contains("no flash wait state"));
}

TEST_CASE("With the wait state first it is allowed") {
  Samd21Peripherals chip(clock_hz);
  chip.write(0x41004004, 4, 1 << 1);  // NVMCTRL.CTRLB
  chip.write(0x40000824, 2, 1 << 1);
  chip.write(0x40000C04, 4, 7 << 8 | 1 << 16);
  CHECK(chip.complaint == "");
}

TEST_CASE("The DFLL's registers are not written in on-demand mode") {
  Samd21Peripherals chip(clock_hz);
  chip.write(0x4000082C, 4, 1464);  // SYSCTRL.DFLLMUL
  CHECK_THAT(chip.complaint, Catch::Contains("on-demand"));
}

TEST_CASE("A crystal is ready once it is enabled and not on demand") {
  Samd21Peripherals chip(clock_hz);
  CHECK((chip.read(0x4000080C, 4, 0) & 2) == 0);
  chip.write(0x40000814, 2, 0x82);  // SYSCTRL.XOSC32K
  CHECK((chip.read(0x4000080C, 4, 0) & 2) == 0);
  chip.write(0x40000814, 2, 0x02);
  CHECK((chip.read(0x4000080C, 4, 0) & 2) == 2);
}

TEST_CASE("A peripheral without its bus clock does not answer") {
  Samd21Peripherals chip(clock_hz);
  chip.write(0x42001C00, 4, 0);
  CHECK(chip.complaint == "writes SERCOM5.CTRLA at 0x42001c00 while PM.APBCMASK gives it no clock");
}

TEST_CASE("A UART without pins and rate prints nothing") {
  Samd21Peripherals chip(clock_hz);
  chip.write(0x40000420, 4, 1 << 7);
  chip.write(0x42001C28, 2, 'x');
  CHECK_THAT(chip.complaint, Catch::Contains("115200"));
}

TEST_CASE("A register is touched as a whole") {
  Samd21Peripherals chip(clock_hz);
  chip.read(0x40000420, 1, 0);
  CHECK(chip.complaint == "reads 1 bytes at 0x40000420, where the virtual board knows no such register");
}

}  // namespace dragonet
