// The SAM D21's registers, as far as the firmware touches them, and the rules that a real chip would punish: flash wait
// states before the clock rises, clocks before peripherals, the DFLL's erratum, a UART with its pins and its rate.
// Registers, bits and rules: SAM D21 Family Data Sheet, DS40001882.

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <memory>

#include "board/core.h"
#include "board/peripherals.h"

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
  tc4_ctrla = 0x42003000,
  tc4_readreq = 0x42003002,
  tc4_status = 0x4200300F,
  tc4_count = 0x42003010
};

constexpr std::uint32_t bit(unsigned n) { return 1u << n; }
constexpr std::uint32_t enable = bit(1), on_demand = bit(7);  // of oscillators and of SERCOM and TC
constexpr std::uint32_t clock_enable = bit(14), clock_sercom0 = 0x14, clock_tc4 = 0x1C;
constexpr std::uint32_t generator_source = 0x1F00, source_dfll = 7 << 8;

/// A SERCOM as USART, by its number.
struct Sercom {
  explicit Sercom(unsigned number) : number(number), base(0x42000800 + number * 0x400) {}
  unsigned number;
  std::uint32_t base;
  std::uint32_t ctrla() const { return base; }
  std::uint32_t ctrlb() const { return base + 0x04; }
  std::uint32_t baud() const { return base + 0x0C; }
  std::uint32_t intflag() const { return base + 0x18; }
  std::uint32_t syncbusy() const { return base + 0x1C; }
  std::uint32_t data() const { return base + 0x28; }
  std::uint32_t bus_clock() const { return bit(2 + number); }  // of PM.APBCMASK
  std::uint32_t clock() const { return clock_sercom0 + number; }
};

/// A pin's registers of PORT.
struct Port {
  explicit Port(unsigned pin) : group(0x41004400 + pin / 32 * 0x80), pin(pin % 32) {}
  std::uint32_t group, pin;
  std::uint32_t mux() const { return group + 0x30 + pin / 2; }  // four bits of it: the lower are the even pin's
  std::uint32_t config() const { return group + 0x40 + pin; }
  std::string name(const char* what, std::uint32_t number) const {
    return fmt::format("PORT.{}{} of group {}", what, number, group == 0x41004400 ? 'A' : 'B');
  }
};

// Reset values from the "Register Summary" of each chapter; the calibration row is a made-up chip's.
Registers registers_of(const UartWiring& wiring) {
  Registers registers{{calibration, {4, "calibration row, word 1", 0x1Fu << 26}},
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
                      {tc4_ctrla, {2, "TC4.CTRLA", 0}},
                      {tc4_readreq, {2, "TC4.READREQ", 0}},
                      {tc4_status, {1, "TC4.STATUS", 0}},
                      {tc4_count, {4, "TC4.COUNT", 0}}};
  const Sercom usart(wiring.unit);
  const auto add = [&](std::uint32_t address, unsigned bytes, const char* name) {
    registers[address] = {bytes, fmt::format("SERCOM{}.{}", usart.number, name), 0};
  };
  add(usart.ctrla(), 4, "CTRLA"), add(usart.ctrlb(), 4, "CTRLB"), add(usart.baud(), 2, "BAUD");
  add(usart.intflag(), 1, "INTFLAG"), add(usart.syncbusy(), 4, "SYNCBUSY"), add(usart.data(), 2, "DATA");
  for (const UartPin& pin : {wiring.tx, wiring.rx}) {
    const Port port(pin.number);
    registers[port.mux()] = {1, port.name("PMUX", port.pin / 2), 0};
    registers[port.config()] = {1, port.name("PINCFG", port.pin), 0};
  }
  return registers;
}

class Samd21Peripherals : public Peripherals {
 public:
  explicit Samd21Peripherals(const Board& board)
      : Peripherals(registers_of(board.uart), core_of(board).has_fpu),  // made-up boards give it a larger core
        clock_hz_(board.clock_hz),
        wiring_(board.uart),
        usart_(board.uart.unit) {}

 private:
  std::uint32_t read_value(std::uint32_t address, std::uint64_t cycles) override;
  void on_write(std::uint32_t address, std::uint32_t value) override;
  std::string missing_clock(std::uint32_t address) const override;

  void check_write(std::uint32_t address);
  void write_generator(std::uint32_t value);
  std::uint32_t oscillators_ready() const;
  bool is_connected(const UartPin& pin, std::uint32_t config) const;
  bool uart_works() const;
  std::uint32_t microseconds(std::uint64_t cycles);

  const std::uint32_t clock_hz_;
  const UartWiring wiring_;
  const Sercom usart_;
  std::array<std::uint32_t, 16> generators_{};  // GENCTRL as last written for each
  std::array<std::uint32_t, 64> clocks_{};      // CLKCTRL likewise
};

// INTFLAG: DRE, a byte can always be printed; RXC, one has come.
std::uint32_t Samd21Peripherals::read_value(std::uint32_t address, std::uint64_t cycles) {
  if (address == pclksr) return oscillators_ready();
  if (address == usart_.intflag()) return bit(0) | (uart.poll(cycles) ? bit(2) : 0);
  if (address == usart_.data()) return uart.next_byte();
  if (address == tc4_count) return microseconds(cycles);
  return value(address);
}

void Samd21Peripherals::on_write(std::uint32_t address, std::uint32_t value) {
  check_write(address);
  if (address == gclk_genctrl) write_generator(value);
  if (address == gclk_clkctrl) clocks_[value % clocks_.size()] = value;
  if (address == usart_.data()) uart.print(static_cast<char>(value));
  const bool is_reset = address == gclk_ctrl || address == usart_.ctrla();  // whose bit 0 clears itself
  if (is_reset && (value & bit(0))) set(address, 0);
}

// Bridge C: TC4 and its upper half TC5, SERCOM.
std::string Samd21Peripherals::missing_clock(std::uint32_t address) const {
  const std::uint32_t page = address & ~0x3FFu;
  const std::uint32_t timers = bit(12) | bit(13);
  const std::uint32_t needed = page == usart_.base ? usart_.bus_clock() : page == (tc4_ctrla & ~0x3FFu) ? timers : 0;
  return (value(apbc_mask) & needed) == needed ? "" : "PM.APBCMASK";
}

void Samd21Peripherals::check_write(std::uint32_t address) {
  // Errata DS80000760: DFLLCTRL itself may be written, to leave on-demand mode.
  if ((address == dfll_mul || address == dfll_val) && (value(dfll_ctrl) & on_demand))
    complaint = "writes the DFLL's registers in its on-demand mode, which freezes the chip (errata DS80000760)";
  if (address == usart_.data() && !uart_works())
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

bool Samd21Peripherals::is_connected(const UartPin& pin, std::uint32_t config) const {
  const Port port(pin.number);
  const std::uint32_t function = value(port.mux()) >> port.pin % 2 * 4 & 15;
  return function == pin.function && (value(port.config()) & config) == config;
}

bool Samd21Peripherals::uart_works() const {
  const double rate = clock_hz_ / 16.0 * (1 - value(usart_.baud()) / 65536.0);
  // LSB first, internal clock, RXPO, TXPO (which counts pads 0 and 2).
  const std::uint32_t mode = bit(30) | wiring_.rx.pad << 20 | wiring_.tx.pad / 2 << 16 | 1u << 2 | enable;
  const bool pins = is_connected(wiring_.tx, bit(0)) && is_connected(wiring_.rx, bit(0) | bit(1));
  return pins && std::abs(rate / 115200 - 1) < 0.02 && value(usart_.ctrla()) == mode &&
         value(usart_.ctrlb()) == (bit(16) | bit(17)) && (clocks_[usart_.clock()] & clock_enable);
}

std::uint32_t Samd21Peripherals::microseconds(std::uint64_t cycles) {
  const bool counts = (value(tc4_ctrla) & (enable | 3u << 2)) == (enable | 2u << 2);  // 32 bits
  if (!counts || !(clocks_[clock_tc4] & clock_enable) || value(tc4_readreq) != (bit(15) | 0x10))
    complaint = "reads TC4.COUNT, which does not count or was not asked for in TC4.READREQ";
  return static_cast<std::uint32_t>(cycles / (clock_hz_ / 1'000'000));
}

}  // namespace

std::unique_ptr<Peripherals> samd21_peripherals(const Board& board) {
  return std::make_unique<Samd21Peripherals>(board);
}

}  // namespace dragonet
