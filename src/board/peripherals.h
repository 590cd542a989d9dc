// A chip as the firmware meets it through its registers. Each chip is a class derived from this, in a file of its own
// in chips/, with the rules that the real one would punish; a row of chips.cpp makes one for a board.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dragonet {

/// The other end of the firmware's UART, which takes and brings bytes at once.
class Uart {
 public:
  void type(std::string_view text);
  std::string take_printed();

  // For the chip's registers.
  bool poll(std::uint64_t cycles);  // the firmware asks whether a byte has come; `cycles` since reset
  std::uint32_t next_byte();
  void print(char byte);

  /// One poll comes before each printed byte; more in a row only wait for input, unless there is work between them.
  bool waits_for_input() const { return empty_polls_ > 1; }

 private:
  std::string typed_, printed_;
  std::size_t taken_ = 0;  // of typed_
  int empty_polls_ = 0;    // in a row
  std::uint64_t last_poll_ = 0;
};

struct Register {
  unsigned bytes;
  std::string name;
  std::uint32_t value;  // at reset, then as written
};
using Registers = std::map<std::uint32_t, Register>;  // by address

class Peripherals {
 public:
  virtual ~Peripherals() = default;

  static constexpr std::uint32_t page_bytes = 4096;
  std::vector<std::uint32_t> pages() const;  // that hold registers

  /// Both leave a `complaint` if this register is unknown, or now is not the time for it. `cycles`: since reset.
  std::uint32_t read(std::uint32_t address, unsigned bytes, std::uint64_t cycles);
  void write(std::uint32_t address, unsigned bytes, std::uint32_t value);
  bool fpu_is_on() const;

  std::string complaint;  // "" or what is wrong, for a sentence that goes on after "it "
  Uart uart;

 protected:
  /// The core's own registers, which every start-up touches, come with it.
  Peripherals(Registers registers, bool has_fpu);

  std::uint32_t value(std::uint32_t address) const { return registers_.at(address).value; }
  void set(std::uint32_t address, std::uint32_t value) { registers_.at(address).value = value; }

  /// What a register reads as, where that is not simply what was written.
  virtual std::uint32_t read_value(std::uint32_t address, std::uint64_t) { return value(address); }
  /// What a write causes. The register holds the value already.
  virtual void on_write(std::uint32_t address, std::uint32_t value) = 0;
  /// The register whose bit would have to be set for this one to have its bus clock; "" if it has it.
  virtual std::string missing_clock(std::uint32_t) const { return ""; }

 private:
  Register* find(std::uint32_t address, unsigned bytes, const char* verb);
  Registers registers_;
};

}  // namespace dragonet
