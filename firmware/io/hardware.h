// All that the firmware asks of a board. Its chip's drivers are these functions (firmware/chips/<chip>/), its
// core's start-up calls main() (firmware/cores/), and its linker script says what memory it has
// (firmware/boards/<id>/).
#pragma once

#include <stdint.h>

namespace dragonet {

void board_start();           // before all others: clock at its full rate, UART at 115200 baud 8N1, microseconds
bool uart_has_byte();         // uart_get() would not wait
uint8_t uart_get();           // waits for a byte
void uart_put(uint8_t byte);  // waits until the UART takes it
uint32_t microseconds();      // since board_start(); starts again from 0 after 2^32, which is 71 minutes

}  // namespace dragonet
