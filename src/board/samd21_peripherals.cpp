#include "board/samd21_peripherals.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace dragonet {
namespace {

enum : std::uint32_t {
  apbc_mask = 0x40000420,
  pclksr = 0x4000080C,
  xosc32k = 0x40000814,
  dfll_ctrl = 0x40000824,
  dfll_val = 0x40000828,
  dfll_mul = 0x4000082C,
  gclk_ctrl = 0x40000C00,
  gclk_status = 0x40000C01,
  gclk_clkctrl = 0x40000C02,
  gclk_genctrl = 0x40000C04,
  gclk_gendiv = 0x40000C08,
  calibration = 0x00806024,
  nvm_ctrlb = 0x41004004,
  port_mux = 0x410044BB,
  port_config_22 = 0x410044D6,
  port_config_23 = 0x410044D7,
  usart_ctrla = 0x42001C00,
  usart_ctrlb = 0x42001C04,
  usart_baud = 0x42001C0C,
  usart_intflag = 0x42001C18,
  usart_syncbusy = 0x42001C1C,
  usart_data = 0x42001C28,
  tc4_ctrla = 0x42003000,
  tc4_readreq = 0x42003002,
  tc4_status = 0x4200300F,
  tc4_count = 0x42003010,
  scb_vtor = 0xE000ED08,
  scb_cpacr = 0xE000ED88
};

constexpr std::uint32_t bit(int n) { return 1u << n; }
constexpr std::uint32_t enable = bit(1), on_demand = bit(7);  // of oscillators and of SERCOM and TC
constexpr std::uint32_t clock_enable = bit(14), clock_sercom5 = 0x19, clock_tc4 = 0x1C;
constexpr std::uint32_t generator_source = 0x1F00, source_dfll = 7 << 8;

}  // namespace

// Reset values from the "Register Summary" of each chapter; the calibration row is a made-up chip's.
Samd21Peripherals::Samd21Peripherals(std::uint32_t clock_hz, bool has_fpu)
    : clock_hz_(clock_hz),
      registers_{{calibration, {4, "calibration row, word 1", 0x1Fu << 26}},
                 {apbc_mask, {4, "PM.APBCMASK", 0x00010000}},
                 {pclksr, {4, "SYSCTRL.PCLKSR", 0}},
                 {xosc32k, {2, "SYSCTRL.XOSC32K", 0x0080}},
                 {dfll_ctrl, {2, "SYSCTRL.DFLLCTRL", 0x0080}},
                 {dfll_val, {4, "SYSCTRL.DFLLVAL", 0}},
                 {dfll_mul, {4, "SYSCTRL.DFLLMUL", 0}},
                 {gclk_ctrl, {1, "GCLK.CTRL", 0}},
                 {gclk_status, {1, "GCLK.STATUS", 0}},
                 {gclk_clkctrl, {2, "GCLK.CLKCTRL", 0}},
                 {gclk_genctrl, {4, "GCLK.GENCTRL", 0}},
                 {gclk_gendiv, {4, "GCLK.GENDIV", 0}},
                 {nvm_ctrlb, {4, "NVMCTRL.CTRLB", 0}},
                 {port_mux, {1, "PORT.PMUX11 of group B", 0}},
                 {port_config_22, {1, "PORT.PINCFG22 of group B", 0}},
                 {port_config_23, {1, "PORT.PINCFG23 of group B", 0}},
                 {usart_ctrla, {4, "SERCOM5.CTRLA", 0}},
                 {usart_ctrlb, {4, "SERCOM5.CTRLB", 0}},
                 {usart_baud, {2, "SERCOM5.BAUD", 0}},
                 {usart_intflag, {1, "SERCOM5.INTFLAG", 0}},
                 {usart_syncbusy, {4, "SERCOM5.SYNCBUSY", 0}},
                 {usart_data, {2, "SERCOM5.DATA", 0}},
                 {tc4_ctrla, {2, "TC4.CTRLA", 0}},
                 {tc4_readreq, {2, "TC4.READREQ", 0}},
                 {tc4_status, {1, "TC4.STATUS", 0}},
                 {tc4_count, {4, "TC4.COUNT", 0}},
                 {scb_vtor, {4, "SCB.VTOR", 0}}} {
  if (has_fpu) registers_[scb_cpacr] = {4, "SCB.CPACR", 0};
}

// ARMv7-M Architecture Reference Manual, DDI 0403, "Coprocessor Access Control Register": full access to CP10 and CP11.
bool Samd21Peripherals::fpu_is_on() const {
  const auto found = registers_.find(scb_cpacr);
  return found != registers_.end() && (found->second.value >> 20 & 15) == 15;
}

std::vector<std::uint32_t> Samd21Peripherals::pages() const {
  std::vector<std::uint32_t> pages;
  for (const auto& [address, _] : registers_)
    if (pages.empty() || pages.back() != address - address % page_bytes)
      pages.push_back(address - address % page_bytes);
  return pages;
}

// A register is touched as a whole; parts of one the firmware has no need of.
Samd21Peripherals::Register* Samd21Peripherals::find(std::uint32_t address, unsigned bytes, const char* verb) {
  const auto found = registers_.find(address);
  if (found == registers_.end() || found->second.bytes != bytes)
    complaint =
        fmt::format("{} {} bytes at 0x{:08x}, where the virtual board knows no such register", verb, bytes, address);
  else if (!has_clock(address))
    complaint = fmt::format("{} {} at 0x{:08x} while PM.APBCMASK gives it no clock", verb, found->second.name, address);
  return complaint.empty() ? &found->second : nullptr;
}

std::uint32_t Samd21Peripherals::read(std::uint32_t address, unsigned bytes, std::uint64_t cycles) {
  const Register* const found = find(address, bytes, "reads");
  if (!found) return 0;
  switch (address) {
    case pclksr:
      return oscillators_ready();
    case usart_intflag:
      return uart_flags();
    case usart_data:
      return next_byte();
    case tc4_count:
      return microseconds(cycles);
    default:
      return found->value;
  }
}

void Samd21Peripherals::write(std::uint32_t address, unsigned bytes, std::uint32_t value) {
  Register* const found = find(address, bytes, "writes");
  if (!found) return;
  check_write(address);
  found->value = value;
  if (address == gclk_genctrl) write_generator(value);
  if (address == gclk_clkctrl) clocks_[value % clocks_.size()] = value;
  if (address == usart_data) print(static_cast<char>(value));
  const bool is_reset = address == gclk_ctrl || address == usart_ctrla;  // whose bit 0 clears itself
  if (is_reset && (value & bit(0))) found->value = 0;
}

// Bridge C: TC4 and its upper half TC5, SERCOM5.
bool Samd21Peripherals::has_clock(std::uint32_t address) const {
  const std::uint32_t page = address & ~0x3FFu;
  const std::uint32_t mask = value(apbc_mask);
  if (page == (usart_ctrla & ~0x3FFu)) return mask & bit(7);
  if (page == (tc4_ctrla & ~0x3FFu)) return (mask & bit(12)) && (mask & bit(13));
  return true;
}

void Samd21Peripherals::check_write(std::uint32_t address) {
  // Errata DS80000760: DFLLCTRL itself may be written, to leave on-demand mode.
  if ((address == dfll_mul || address == dfll_val) && (value(dfll_ctrl) & on_demand))
    complaint = "writes the DFLL's registers in its on-demand mode, which freezes the chip (errata DS80000760)";
  if (address == usart_data && !uart_works())
    complaint = "prints on a UART whose clock, pins, rate of 115200 or enable bits are not set";
}

void Samd21Peripherals::write_generator(std::uint32_t value) {
  generators_[value % generators_.size()] = value;
  const bool is_core_at_48_mhz = value % generators_.size() == 0 && (value & generator_source) == source_dfll;
  const bool has_wait_state = this->value(nvm_ctrlb) >> 1 & 15;
  if (is_core_at_48_mhz && !has_wait_state)
    complaint = "raises the core's clock to 48 MHz while NVMCTRL.CTRLB has no flash wait state";
  if (is_core_at_48_mhz && !(oscillators_ready() & bit(4)))
    complaint = "runs the core from the DFLL before that is ready";
}

// Crystal: PCLKSR bit 1. DFLL: bit 4, and 6 and 7 for its fine and coarse lock on the crystal, in closed loop.
std::uint32_t Samd21Peripherals::oscillators_ready() const {
  const auto runs = [&](std::uint32_t control) { return (value(control) & (enable | on_demand)) == enable; };
  std::uint32_t ready = runs(xosc32k) ? bit(1) : 0;
  if (runs(dfll_ctrl)) ready |= bit(4);
  const bool locks = runs(dfll_ctrl) && runs(xosc32k) && (value(dfll_ctrl) & bit(2)) && (clocks_[0] & clock_enable);
  return locks ? ready | bit(6) | bit(7) : ready;
}

bool Samd21Peripherals::uart_works() const {
  const double rate = clock_hz_ / 16.0 * (1 - value(usart_baud) / 65536.0);
  const std::uint32_t mode = bit(30) | 3u << 20 | 1u << 16 | 1u << 2 | enable;  // LSB first, RX pad 3, TX pad 2
  const bool pins = value(port_mux) == 0x33 && (value(port_config_22) & 1) && (value(port_config_23) & 3) == 3;
  return pins && std::abs(rate / 115200 - 1) < 0.02 && value(usart_ctrla) == mode &&
         value(usart_ctrlb) == (bit(16) | bit(17)) && (clocks_[clock_sercom5] & clock_enable);
}

// DRE: a byte can always be printed. RXC: one has come.
std::uint32_t Samd21Peripherals::uart_flags() {
  const bool has_byte = taken_ < typed_.size();
  empty_polls_ = has_byte ? 0 : empty_polls_ + 1;
  return bit(0) | (has_byte ? bit(2) : 0);
}

std::uint32_t Samd21Peripherals::next_byte() {
  empty_polls_ = 0;
  return taken_ < typed_.size() ? static_cast<std::uint8_t>(typed_[taken_++]) : 0;
}

std::uint32_t Samd21Peripherals::microseconds(std::uint64_t cycles) {
  const bool counts = (value(tc4_ctrla) & (enable | 3u << 2)) == (enable | 2u << 2);  // 32 bits
  if (!counts || !(clocks_[clock_tc4] & clock_enable) || value(tc4_readreq) != (bit(15) | 0x10))
    complaint = "reads TC4.COUNT, which does not count or was not asked for in TC4.READREQ";
  return static_cast<std::uint32_t>(cycles / (clock_hz_ / 1'000'000));
}

void Samd21Peripherals::type(std::string_view text) {
  typed_.erase(0, std::exchange(taken_, 0));
  typed_ += text;
  empty_polls_ = 0;
}

void Samd21Peripherals::print(char byte) {
  printed_ += byte;
  empty_polls_ = 0;
}

std::string Samd21Peripherals::take_printed() { return std::exchange(printed_, {}); }

}  // namespace dragonet
