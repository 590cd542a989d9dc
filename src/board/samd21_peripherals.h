// The SAM D21's registers, as far as the firmware touches them, and the rules that a real chip would punish: flash wait
// states before the clock rises, clocks before peripherals, the DFLL's erratum, a UART with its pins and its rate.
// Registers, bits and rules: SAM D21 Family Data Sheet, DS40001882.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dragonet {

class Samd21Peripherals {
 public:
  Samd21Peripherals(std::uint32_t clock_hz, bool has_fpu = false);  // made-up boards give it a larger core

  static constexpr std::uint32_t page_bytes = 4096;
  std::vector<std::uint32_t> pages() const;  // that hold registers

  /// Both leave a `complaint` if this register is unknown, or now is not the time for it. `cycles`: since reset.
  std::uint32_t read(std::uint32_t address, unsigned bytes, std::uint64_t cycles);
  void write(std::uint32_t address, unsigned bytes, std::uint32_t value);
  bool fpu_is_on() const;
  std::string complaint;  // "" or what is wrong, for a sentence that goes on after "it "

  // The other end of the UART.
  void type(std::string_view text);
  std::string take_printed();
  bool waits_for_input() const { return empty_polls_ > 1; }

 private:
  struct Register {
    unsigned bytes;
    std::string name;
    std::uint32_t value;  // at reset, then as written
  };
  Register* find(std::uint32_t address, unsigned bytes, const char* verb);
  std::uint32_t value(std::uint32_t address) const { return registers_.at(address).value; }
  bool has_clock(std::uint32_t address) const;
  bool uart_works() const;
  std::uint32_t oscillators_ready() const;
  std::uint32_t uart_flags();
  std::uint32_t next_byte();
  void print(char byte);
  std::uint32_t microseconds(std::uint64_t cycles);
  void check_write(std::uint32_t address);
  void write_generator(std::uint32_t value);

  std::uint32_t clock_hz_;
  std::map<std::uint32_t, Register> registers_;
  std::array<std::uint32_t, 16> generators_{};  // GENCTRL as last written for each
  std::array<std::uint32_t, 64> clocks_{};      // CLKCTRL likewise
  std::string typed_, printed_;
  std::size_t taken_ = 0;  // of typed_
  int empty_polls_ = 0;    // of the UART's flags in a row: one comes before each printed byte, more only wait for input
};

}  // namespace dragonet
