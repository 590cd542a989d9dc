// All that the firmware asks of a board: these four functions, which its chip or its own folder defines, beside a
// start-up that calls main() and a linker script. Nothing in firmware/io changes with the board.
#pragma once

#include <stdint.h>

namespace dragonet {

void board_start();           // before all others: clock at its full rate, UART at 115200 baud 8N1, microseconds
uint8_t uart_get();           // waits for a byte
void uart_put(uint8_t byte);  // waits until the UART takes it
uint32_t microseconds();      // since board_start(); starts again from 0 after 2^32, which is 71 minutes

}  // namespace dragonet
