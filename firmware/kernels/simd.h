// Two products at once, of halves of words, as ARMv7E-M's DSP instructions take them: C++ that any compiler reads, and
// the instruction where the core has it. gcc 7 has no intrinsics for them.
#pragma once

#include <stdint.h>

#include "kernels/assembly.h"

namespace dragonet {

#if DRAGONET_CORTEX_M4

/// Bytes 0 and 2 as halves, with their signs.
inline uint32_t even_bytes(uint32_t word) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1" : "=r"(halves) : "r"(word));
  return halves;
}

/// Bytes 1 and 3.
inline uint32_t odd_bytes(uint32_t word) {
  uint32_t halves;
  __asm__("sxtb16 %0, %1, ror #8" : "=r"(halves) : "r"(word));
  return halves;
}

/// The lower half of a word, and the lower half of another on top of it.
inline uint32_t two_halves(uint32_t lower, uint32_t upper) {
  uint32_t halves;
  __asm__("pkhbt %0, %1, %2, lsl #16" : "=r"(halves) : "r"(lower), "r"(upper));
  return halves;
}

/// sum + a's lower half * b's + a's upper half * b's, modulo 2^32.
inline int32_t multiply_halves(uint32_t a, uint32_t b, int32_t sum) {
  int32_t result;
  __asm__("smlad %0, %1, %2, %3" : "=r"(result) : "r"(a), "r"(b), "r"(sum));
  return result;
}

#else

inline uint32_t even_bytes(uint32_t word) {
  return ((uint32_t)(int32_t)(int8_t)word & 0xffff) | (uint32_t)(int32_t)(int8_t)(word >> 16) << 16;
}

inline uint32_t odd_bytes(uint32_t word) { return even_bytes(word >> 8); }

inline uint32_t two_halves(uint32_t lower, uint32_t upper) { return (lower & 0xffff) | upper << 16; }

inline int32_t multiply_halves(uint32_t a, uint32_t b, int32_t sum) {
  const uint32_t lower = (uint32_t)((int32_t)(int16_t)a * (int16_t)b);
  return (int32_t)((uint32_t)sum + lower + (uint32_t)((int32_t)(int16_t)(a >> 16) * (int16_t)(b >> 16)));
}

#endif

/// bytes [4 * fours], aligned to 4 -> words [2 * fours]: of each four the even ones, then the odd ones.
inline void widen(const int8_t* bytes, int32_t fours, uint32_t* words) {
  const uint32_t* from = (const uint32_t*)bytes;
  for (const uint32_t* const end = from + fours; from != end; ++from) {
    const uint32_t four = *from;
    *words++ = even_bytes(four);
    *words++ = odd_bytes(four);
  }
}

}  // namespace dragonet
