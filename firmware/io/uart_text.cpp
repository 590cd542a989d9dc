#include "io/uart_text.h"

#include "io/hardware.h"

namespace dragonet {

void print(const char* text) {
  while (*text) uart_put((uint8_t)*text++);
}

void print_line(const char* text) {
  print(text);
  print("\r\n");
}

void print_error(const char* text) {
  print("e-[");
  print(text);
  print_line("]");
}

// Counts how often each power of ten goes in: the Cortex-M0+ has no division, and the library's is larger than this.
static void print_digits(uint32_t number, uint32_t power) {
  static const uint32_t powers[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
  for (uint32_t i = 0; i < 10; ++i) {
    char digit = '0';
    for (; number >= powers[i]; number -= powers[i]) ++digit;
    if (digit != '0') power = powers[i];  // from the first digit on, all of them
    if (powers[i] <= power) uart_put((uint8_t)digit);
  }
}

void print_number(uint32_t number) { print_digits(number, 1); }

void print_hex(uint8_t byte) {
  static const char digits[] = "0123456789abcdef";
  uart_put((uint8_t)digits[byte >> 4]);
  uart_put((uint8_t)digits[byte & 15]);
}

void print_thousandths(bool negative, uint64_t milli_q32) {
  const uint32_t half = 0x80000000u, fraction = (uint32_t)milli_q32;
  uint32_t milli = (uint32_t)(milli_q32 >> 32), whole = 0;
  if (fraction > half || (fraction == half && (milli & 1))) ++milli;
  for (; milli >= 1000000; milli -= 1000000) whole += 1000;  // two steps: a loop of thousands alone could be long
  for (; milli >= 1000; milli -= 1000) ++whole;
  if (negative) uart_put('-');
  print_number(whole);
  uart_put('.');
  print_digits(milli, 100);
}

bool same(const char* a, const char* b) {
  while (*a && *a == *b) ++a, ++b;
  return *a == *b;
}

const char* next_word(char*& rest) {
  while (*rest == ' ') ++rest;
  const char* const word = rest;
  while (*rest && *rest != ' ') ++rest;
  if (*rest) *rest++ = 0;
  return word;
}

bool parse_number(const char* word, uint32_t& number) {
  const char* const first = word;
  number = 0;
  for (; *word >= '0' && *word <= '9'; ++word) number = number * 10 + (uint32_t)(*word - '0');
  return *word == 0 && word != first && word - first <= 9;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = (char)(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace dragonet
