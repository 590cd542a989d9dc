#include "board/peripherals.h"

#include <fmt/format.h>

#include <utility>

namespace dragonet {

void Uart::type(std::string_view text) {
  typed_.erase(0, std::exchange(taken_, 0));
  typed_ += text;
  empty_polls_ = 0;
}

std::string Uart::take_printed() { return std::exchange(printed_, {}); }

bool Uart::poll(std::uint64_t cycles) {
  constexpr std::uint64_t waiting_loop = 100;  // at most so long from poll to poll, whatever compiler made it
  const bool has_byte = taken_ < typed_.size();
  empty_polls_ = has_byte || cycles - last_poll_ > waiting_loop ? !has_byte : empty_polls_ + 1;
  last_poll_ = cycles;
  return has_byte;
}

std::uint32_t Uart::next_byte() {
  empty_polls_ = 0;
  return taken_ < typed_.size() ? static_cast<std::uint8_t>(typed_[taken_++]) : 0;
}

void Uart::print(char byte) {
  printed_ += byte;
  empty_polls_ = 0;
}

// ARMv6-M and ARMv7-M Architecture Reference Manuals, DDI 0419 and DDI 0403, "System Control Block".
static constexpr std::uint32_t scb_vtor = 0xE000ED08, scb_cpacr = 0xE000ED88;

Peripherals::Peripherals(Registers registers, bool has_fpu) : registers_(std::move(registers)) {
  registers_[scb_vtor] = {4, "SCB.VTOR", 0};
  if (has_fpu) registers_[scb_cpacr] = {4, "SCB.CPACR", 0};
}

// DDI 0403, "Coprocessor Access Control Register": full access to CP10 and CP11.
bool Peripherals::fpu_is_on() const {
  const auto found = registers_.find(scb_cpacr);
  return found != registers_.end() && (found->second.value >> 20 & 15) == 15;
}

std::vector<std::uint32_t> Peripherals::pages() const {
  std::vector<std::uint32_t> pages;
  for (const auto& [address, _] : registers_)
    if (pages.empty() || pages.back() != address - address % page_bytes)
      pages.push_back(address - address % page_bytes);
  return pages;
}

// A register is touched as a whole; parts of one the firmware has no need of.
Register* Peripherals::find(std::uint32_t address, unsigned bytes, const char* verb) {
  const auto found = registers_.find(address);
  if (found == registers_.end() || found->second.bytes != bytes)
    complaint =
        fmt::format("{} {} bytes at 0x{:08x}, where the virtual board knows no such register", verb, bytes, address);
  else if (const std::string clock = missing_clock(address); !clock.empty())
    complaint = fmt::format("{} {} at 0x{:08x} while {} gives it no clock", verb, found->second.name, address, clock);
  return complaint.empty() ? &found->second : nullptr;
}

std::uint32_t Peripherals::read(std::uint32_t address, unsigned bytes, std::uint64_t cycles) {
  return find(address, bytes, "reads") ? read_value(address, cycles) : 0;
}

void Peripherals::write(std::uint32_t address, unsigned bytes, std::uint32_t value) {
  Register* const found = find(address, bytes, "writes");
  if (!found) return;
  found->value = value;
  on_write(address, value);
}

}  // namespace dragonet
