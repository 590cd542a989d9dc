// All that the firmware asks of a board. A new board is a folder in firmware/boards/ with these four functions, a
// start-up that calls main(), and a linker script; nothing in firmware/io changes.
#pragma once

#include <stdint.h>

namespace dragonet {

void board_start();  // clock at its full rate, UART at 115200 8N1, microseconds counting
uint8_t uart_get();  // waits for a byte
void uart_put(uint8_t byte);
uint32_t microseconds();  // since board_start(); starts again from 0 after 71 minutes

}  // namespace dragonet
