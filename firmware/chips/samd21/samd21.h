// The registers of the SAM D21 that this firmware touches: SAM D21 Family Data Sheet, DS40001882; addresses from
// "Product Mapping", offsets and bits from each peripheral's "Register Summary".
#pragma once

#include <stdint.h>

namespace dragonet {
namespace samd21 {

inline volatile uint8_t& reg8(uint32_t address) { return *(volatile uint8_t*)address; }
inline volatile uint16_t& reg16(uint32_t address) { return *(volatile uint16_t*)address; }
inline volatile uint32_t& reg32(uint32_t address) { return *(volatile uint32_t*)address; }

enum : uint32_t {
  // PM, Power Manager
  pm_apbc_mask = 0x40000420,  // reset: peripherals of bridge C are without a clock
  pm_apbc_sercom0 = 1u << 2,  // SERCOM1 is the next bit, and so on
  pm_apbc_tc4 = 1u << 12,
  pm_apbc_tc5 = 1u << 13,

  // SYSCTRL, System Controller
  sysctrl_pclksr = 0x4000080C,  // which oscillators are ready
  pclksr_xosc32k_ready = 1u << 1,
  pclksr_dfll_ready = 1u << 4,
  pclksr_dfll_lock_fine = 1u << 6,
  pclksr_dfll_lock_coarse = 1u << 7,
  sysctrl_xosc32k = 0x40000814,  // 16 bits
  xosc32k_enable = 1u << 1,
  xosc32k_crystal = 1u << 2,
  xosc32k_output_32k = 1u << 3,
  xosc32k_startup_65536_cycles = 6u << 8,
  sysctrl_dfll_ctrl = 0x40000824,  // 16 bits; reset: on demand
  dfll_enable = 1u << 1,
  dfll_closed_loop = 1u << 2,
  dfll_no_quick_lock = 1u << 9,
  dfll_wait_lock = 1u << 11,
  sysctrl_dfll_value = 0x40000828,
  dfll_coarse_shift = 10,
  dfll_fine_middle = 512,
  sysctrl_dfll_multiplier = 0x4000082C,
  dfll_fine_step_shift = 16,
  dfll_coarse_step_shift = 26,

  // GCLK, Generic Clock Controller
  gclk_control = 0x40000C00,  // 8 bits
  gclk_software_reset = 1u << 0,
  gclk_status = 0x40000C01,  // 8 bits
  gclk_busy = 1u << 7,
  gclk_clock = 0x40000C02,  // CLKCTRL, 16 bits: which generator feeds which peripheral
  clock_dfll_reference = 0,
  clock_sercom0_core = 0x14,  // SERCOM1 is the next, and so on
  clock_tc4_tc5 = 0x1C,
  clock_generator_shift = 8,
  clock_enable = 1u << 14,
  gclk_generator = 0x40000C04,  // GENCTRL: source of a generator
  generator_source_xosc32k = 5u << 8,
  generator_source_dfll48m = 7u << 8,
  generator_enable = 1u << 16,
  generator_even_duty = 1u << 17,
  gclk_divider = 0x40000C08,  // GENDIV
  divider_shift = 8,

  // NVMCTRL, Non-Volatile Memory Controller; calibration: "NVM Software Calibration Area Mapping"
  nvm_control_b = 0x41004004,
  nvm_one_wait_state = 1u << 1,
  nvm_manual_write = 1u << 7,
  nvm_calibration_1 = 0x00806024,  // bits 63:32 of the row at 0x806020
  calibration_coarse_shift = 26,   // DFLL48M COARSE CAL, bits 63:58

  // PORT: a pin's number is 32 for each group before its own (PB22: 32 + 22)
  port = 0x41004400,
  port_group_bytes = 0x80,
  port_mux = 0x30,     // PMUX, 8 bits for two pins: the even one's function below, the odd one's above
  port_config = 0x40,  // PINCFG, 8 bits for each pin
  pin_mux_enable = 1u << 0,
  pin_input_enable = 1u << 1,

  // SERCOM as USART; offsets in each of them
  sercom0 = 0x42000800,
  sercom_bytes = 0x400,
  usart_control_a = 0x00,
  usart_software_reset = 1u << 0,
  usart_enable = 1u << 1,
  usart_internal_clock = 1u << 2,
  usart_tx_pad_shift = 16,  // pad 0 is written as 0, pad 2 as 1
  usart_rx_pad_shift = 20,
  usart_lsb_first = 1u << 30,
  usart_control_b = 0x04,
  usart_tx_enable = 1u << 16,
  usart_rx_enable = 1u << 17,
  usart_baud = 0x0C,   // 16 bits
  usart_flags = 0x18,  // 8 bits
  usart_data_empty = 1u << 0,
  usart_receive_complete = 1u << 2,
  usart_busy = 0x1C,
  usart_data = 0x28,  // 16 bits

  // TC4, with TC5 as its upper half
  tc4_control_a = 0x42003000,  // 16 bits
  tc_enable = 1u << 1,
  tc_mode_32_bits = 2u << 2,
  tc4_read_request = 0x42003002,  // 16 bits
  tc_request = 1u << 15,
  tc_request_count = 0x10,  // the offset of COUNT
  tc4_status = 0x4200300F,  // 8 bits
  tc_busy = 1u << 7,
  tc4_count = 0x42003010
};

}  // namespace samd21
}  // namespace dragonet
