// Two products at once, of halves of words, as ARMv7E-M's DSP instructions take them: C++ that any compiler reads, and
// the instruction where the core has it. gcc 7 has no intrinsics for them.
#pragma once

#include <stdint.h>
#include <string.h>

namespace dragonet {

#if defined(__ARM_FEATURE_SIMD32) && !defined(DRAGONET_NO_ASSEMBLY)

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

/// sum + a's lower half * b's + a's upper half * b's.
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

inline int32_t multiply_halves(uint32_t a, uint32_t b, int32_t sum) {
  return sum + (int32_t)(int16_t)a * (int16_t)b + (int32_t)(int16_t)(a >> 16) * (int16_t)(b >> 16);
}

#endif

/// Four bytes from anywhere, the first in the lowest place on the cores that have these instructions.
inline uint32_t word_at(const int8_t* bytes) {
  uint32_t word;
  memcpy(&word, bytes, 4);
  return word;
}

/// bytes [4 * fours] -> words, of which a four has two in each `step`.
inline void widen(const int8_t* bytes, int32_t fours, int step, uint32_t* words) {
  for (; fours; --fours, bytes += 4, words += step) {
    const uint32_t four = word_at(bytes);
    words[0] = even_bytes(four);
    words[1] = odd_bytes(four);
  }
}

}  // namespace dragonet
