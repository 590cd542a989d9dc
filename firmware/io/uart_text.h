// Printing to the UART and reading words, in a few hundred bytes: printf and strtok of newlib-nano take 3 KB.
#pragma once

#include <stdint.h>

namespace dragonet {

void print(const char* text);
void print_number(uint32_t number);
void print_hex(uint8_t byte);        // two digits, lower case
void print_line(const char* text);   // and "\r\n", as all of the protocol's lines end
void print_error(const char* text);  // "e-[text]"

/// `milli` thousandths and a fraction of 2^-32 of one more, as printf's "%.3f" rounds: to nearest, ties to even.
void print_thousandths(bool negative, uint64_t milli_q32);

bool same(const char* a, const char* b);

/// Cuts the next word off `rest`, at spaces; "" if there is none.
const char* next_word(char*& rest);

/// A decimal number of at most 9 digits and nothing else.
bool parse_number(const char* word, uint32_t& number);

/// 0 to 15, or -1 for what is no hexadecimal digit.
int hex_digit(char c);

}  // namespace dragonet
