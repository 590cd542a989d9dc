// 48 MHz from a 32768 Hz crystal, microseconds, and a UART on the SERCOM and the pins that the board's row names, which
// the build passes on as BOARD_UART_...: src/board/board.h. Chapters are those of the SAM D21 Family Data Sheet,
// DS40001882.

#include "io/hardware.h"
#include "samd21.h"

namespace dragonet {

using namespace samd21;

enum { generator_main = 0, generator_crystal = 1, generator_1mhz = 4 };

static void wait_for_oscillator(uint32_t ready) {
  while ((reg32(sysctrl_pclksr) & ready) != ready) {
  }
}

static void wait_for_gclk() {
  while (reg8(gclk_status) & gclk_busy) {
  }
}

// GCLK, "Basic Operation": the divider goes before the source.
static void start_generator(uint32_t generator, uint32_t source, uint32_t divider) {
  reg32(gclk_divider) = generator | divider << divider_shift;
  wait_for_gclk();
  reg32(gclk_generator) = generator | source | generator_enable | generator_even_duty;
  wait_for_gclk();
}

static void feed_clock(uint32_t clock, uint32_t generator) {
  reg16(gclk_clock) = (uint16_t)(clock | generator << clock_generator_shift | clock_enable);
  wait_for_gclk();
}

// SYSCTRL, "32kHz External Crystal Oscillator (XOSC32K) Operation": settings first, then the enable bit alone. Writing
// it whole also ends on-demand mode, in which it would never become ready.
static void start_crystal() {
  const uint16_t settings = xosc32k_startup_65536_cycles | xosc32k_crystal | xosc32k_output_32k;
  reg16(sysctrl_xosc32k) = settings;
  reg16(sysctrl_xosc32k) = settings | xosc32k_enable;
  wait_for_oscillator(pclksr_xosc32k_ready);
}

// SYSCTRL, "Closed-Loop Operation" of the DFLL48M. 32768 Hz * 1464 = 47.972 MHz, the largest that is not above 48 MHz
// and the one that "Digital Frequency Locked Loop (DFLL48M) Characteristics" are given for.
// Errata DS80000760, "DFLL48M: write access to DFLL register": a write while it is on demand and not running freezes
// the chip, so ONDEMAND goes first. The coarse value comes from the chip's calibration, so that it locks at once.
static void start_dfll() {
  reg16(sysctrl_dfll_ctrl) = dfll_enable;
  wait_for_oscillator(pclksr_dfll_ready);
  reg32(sysctrl_dfll_multiplier) = 31u << dfll_coarse_step_shift | 511u << dfll_fine_step_shift | 1464;
  wait_for_oscillator(pclksr_dfll_ready);
  const uint32_t coarse = reg32(nvm_calibration_1) >> calibration_coarse_shift;
  reg32(sysctrl_dfll_value) = coarse << dfll_coarse_shift | dfll_fine_middle;
  wait_for_oscillator(pclksr_dfll_ready);
  reg16(sysctrl_dfll_ctrl) = dfll_enable | dfll_closed_loop | dfll_wait_lock | dfll_no_quick_lock;
  wait_for_oscillator(pclksr_dfll_ready | pclksr_dfll_lock_coarse | pclksr_dfll_lock_fine);
}

static void start_48_mhz() {
  // "Maximum Clock Frequencies" and NVMCTRL "CTRLB": above 24 MHz the flash needs a wait state, before the clock rises.
  // Errata DS80000760, "NVMCTRL: default value of MANW": without it a stray write could program a page.
  reg32(nvm_control_b) = nvm_one_wait_state | nvm_manual_write;
  reg8(gclk_control) = gclk_software_reset;  // whatever a bootloader left: back to the 1 MHz of a reset
  wait_for_gclk();
  start_crystal();
  start_generator(generator_crystal, generator_source_xosc32k, 1);
  feed_clock(clock_dfll_reference, generator_crystal);
  start_dfll();
  start_generator(generator_main, generator_source_dfll48m, 1);
}

// TC, "Counter Mode": two 16-bit counters make one of 32 bits, here at 48 MHz / 48.
static void start_microseconds() {
  reg32(pm_apbc_mask) |= pm_apbc_tc4 | pm_apbc_tc5;
  start_generator(generator_1mhz, generator_source_dfll48m, 48);
  feed_clock(clock_tc4_tc5, generator_1mhz);
  reg16(tc4_control_a) = tc_mode_32_bits;
  reg16(tc4_control_a) = tc_mode_32_bits | tc_enable;
  while (reg8(tc4_status) & tc_busy) {
  }
}

// TC, "Synchronization": a read must be asked for, so that COUNT is not torn between two clocks.
uint32_t microseconds() {
  reg16(tc4_read_request) = tc_request | tc_request_count;
  while (reg8(tc4_status) & tc_busy) {
  }
  return reg32(tc4_count);
}

enum : uint32_t { usart = sercom0 + BOARD_UART_UNIT * sercom_bytes };

static void wait_for_usart() {
  while (reg32(usart + usart_busy)) {
  }
}

constexpr uint32_t port_of(uint32_t pin) { return port + pin / 32 * port_group_bytes; }
constexpr uint32_t mux_of(uint32_t pin) { return port_of(pin) + port_mux + pin % 32 / 2; }
constexpr uint32_t config_of(uint32_t pin) { return port_of(pin) + port_config + pin % 32; }
constexpr uint32_t function_of(uint32_t pin, uint32_t function) { return function << pin % 2 * 4; }

// "I/O Multiplexing and Considerations". Two pins of one register are set in one write; otherwise the neighbour, which
// is not multiplexed, gets function A.
static void connect_uart_pins() {
  const uint32_t tx = BOARD_UART_TX, rx = BOARD_UART_RX;
  const uint32_t tx_function = function_of(tx, BOARD_UART_TX_FUNCTION);
  const uint32_t rx_function = function_of(rx, BOARD_UART_RX_FUNCTION);
  const bool are_neighbours = mux_of(tx) == mux_of(rx);
  reg8(mux_of(tx)) = (uint8_t)(are_neighbours ? tx_function | rx_function : tx_function);
  if (!are_neighbours) reg8(mux_of(rx)) = (uint8_t)rx_function;
  reg8(config_of(tx)) = pin_mux_enable;
  reg8(config_of(rx)) = pin_mux_enable | pin_input_enable;
}

// SERCOM USART, "Initialization". "Clock Generation - Baud-Rate Generator": asynchronous arithmetic, 16 samples a bit:
// BAUD = 65536 * (1 - 16 * rate / clock).
static void start_uart() {
  const uint32_t clock_hz = 48000000, rate = 115200;
  static_assert(BOARD_UART_TX_PAD == 0 || BOARD_UART_TX_PAD == 2, "a SERCOM sends on its pad 0 or 2");
  reg32(pm_apbc_mask) |= pm_apbc_sercom0 << BOARD_UART_UNIT;
  feed_clock(clock_sercom0_core + BOARD_UART_UNIT, generator_main);
  connect_uart_pins();
  reg32(usart + usart_control_a) = usart_software_reset;
  wait_for_usart();
  const uint32_t settings = usart_internal_clock | BOARD_UART_TX_PAD / 2u << usart_tx_pad_shift |
                            uint32_t(BOARD_UART_RX_PAD) << usart_rx_pad_shift | usart_lsb_first;
  reg32(usart + usart_control_a) = settings;
  reg32(usart + usart_control_b) = usart_tx_enable | usart_rx_enable;
  wait_for_usart();
  reg16(usart + usart_baud) = (uint16_t)(65536 - (uint32_t)(65536ull * 16 * rate / clock_hz));
  reg32(usart + usart_control_a) = settings | usart_enable;
  wait_for_usart();
}

void board_start() {
  start_48_mhz();
  start_microseconds();
  start_uart();
}

bool uart_has_byte() { return reg8(usart + usart_flags) & usart_receive_complete; }

uint8_t uart_get() {
  while (!uart_has_byte()) {
  }
  return (uint8_t)reg16(usart + usart_data);
}

void uart_put(uint8_t byte) {
  while (!(reg8(usart + usart_flags) & usart_data_empty)) {
  }
  reg16(usart + usart_data) = byte;
}

}  // namespace dragonet
