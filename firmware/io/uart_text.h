// Printing to the UART and reading words, in a few hundred bytes: printf and strtok of newlib-nano take 3 KB.
#pragma once

#include <stdint.h>

namespace dragonet {

void print(const char* text);        // ended by a 0, like every text here
void print_number(uint32_t number);  // decimal
void print_hex(uint8_t byte);        // two digits, lower case
void print_line(const char* text);   // with "\r\n" after it, as the protocol's lines end
void print_error(const char* text);  // "e-[text]"

/// Prints milli_q32 / 2^32 thousandths, as printf's "%.3f" rounds: to nearest, ties to even. At most 2^32 - 2
/// thousandths.
void print_thousandths(bool negative, uint64_t milli_q32);

/// True if both texts are equal.
bool same(const char* a, const char* b);

/// Cuts the next word off `rest`, which it moves on: a 0 goes where the space after the word was. "" if there is none.
const char* next_word(char*& rest);

/// False, unless the word is a decimal number of 1 to 9 digits and nothing else: 0 to 999999999.
bool parse_number(const char* word, uint32_t& number);

/// 0 to 15, upper or lower case; -1 if c is no hexadecimal digit.
int hex_digit(char c);

}  // namespace dragonet
