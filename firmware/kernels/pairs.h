// Two products in one multiplication of 32 bits: a word holds a pixel in its lower half and another, times 2^16, on top
// of it, so that one product with a weight is a product of each. The lower half's sum stays within 16 bits as long as
// the sum of |weight| is at most 255: 128 * 255 < 2^15. The compiler cuts each channel's weights into *runs* of which
// it knows that. After each run both halves are added to sums of 32 bits. Of the words' total, modulo 2^32, and of the
// sum of upper halves the sum of lower halves follows.
#pragma once

#include <stdint.h>

#include "kernels/assembly.h"

namespace dragonet {

enum { longest_run = 16 };

/// A channel's runs: in bytes 0 and 1 their number; then, for each, what its length lacks to longest_run; then
/// longest_run.
inline int32_t run_count(const uint8_t* runs) { return runs[0] | (int32_t)runs[1] << 8; }

/// What PairProducts::add() reads next, after a channel.
struct RunPosition {
  const int8_t* weights;
  const uint8_t* runs;
};

#if DRAGONET_CORTEX_M0

// In C++, GCC keeps neither the accumulators in the upper registers nor the words in one `ldm`, and takes 40 % more
// cycles. r0 words, r1 weights, lr runs, r12 sums, r8 to r11 accumulators, which begin at 2^15 so that a shift rounds
// down to the upper half. A tap takes 3 + (1 + N) + 2 N cycles for 2 N pixels; a run jumps behind those that it lacks.
//   words     the registers of N words
//   products  of each with the weight, r2, added to its accumulator
//   end       of a run: accumulators to sums; r7 is at the sums, r2 to r6 are free
//   begin     accumulators from r4
//   bytes     of a tap's instructions
#define DRAGONET_PAIRS(words, products, end, begin, bytes)                                                         \
  static inline RunPosition add(const uint32_t* from, const int8_t* weights, const uint8_t* runs, int32_t* sums) { \
    register const uint32_t* r0 __asm__("r0") = from;                                                              \
    register const int8_t* r1 __asm__("r1") = weights;                                                             \
    register const uint8_t* r2 __asm__("r2") = runs;                                                               \
    register int32_t* r3 __asm__("r3") = sums;                                                                     \
    __asm__ volatile(                                                                                              \
        ".syntax unified\n mov lr, r2\n mov r12, r3\n b 2f\n"                                                      \
        "1: movs r7, #0\n add pc, r3\n nop\n"                                                                      \
        ".rept 16\n ldmia r0!, {" words "}\n ldrsb r2, [r1, r7]\n adds r1, #1\n" products                          \
        ".endr\n"                                                                                                  \
        " mov r7, r12\n" end                                                                                       \
        "2: mov r7, lr\n ldrb r3, [r7]\n adds r7, #1\n mov lr, r7\n"                                               \
        " movs r4, #128\n lsls r4, r4, #8\n" begin " cmp r3, #16\n bhs 3f\n movs r4, #" bytes                      \
        "\n muls r3, r4, r3\n b 1b\n"                                                                              \
        "3: mov r2, lr\n"                                                                                          \
        : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)                                                                   \
        :                                                                                                          \
        : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");                          \
    const RunPosition next = {r1, r2};                                                                             \
    return next;                                                                                                   \
  }
#define DRAGONET_PRODUCT(word, accumulator) " muls " word ", r2, " word "\n add " accumulator ", " word "\n"
#define DRAGONET_UPPER(sum, accumulator) " mov r2, " accumulator "\n asrs r2, r2, #16\n adds " sum ", " sum ", r2\n"

/// Adds to sums [pairs] what the words come to, and 2^15 for each run; to the next [pairs] what their upper halves come
/// to. words: [taps, pairs]; weights: [taps].
template <int pairs>
struct PairProducts;

template <>
struct PairProducts<4> {
  DRAGONET_PAIRS("r3-r6",
                 DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9") DRAGONET_PRODUCT("r5", "r10")
                     DRAGONET_PRODUCT("r6", "r11"),
                 " ldmia r7!, {r3-r6}\n add r3, r8\n add r4, r9\n add r5, r10\n add r6, r11\n"
                 " subs r7, #16\n stmia r7!, {r3-r6}\n ldmia r7!, {r3-r6}\n" DRAGONET_UPPER("r3", "r8")
                     DRAGONET_UPPER("r4", "r9") DRAGONET_UPPER("r5", "r10")
                         DRAGONET_UPPER("r6", "r11") " subs r7, #16\n stmia r7!, {r3-r6}\n",
                 " mov r8, r4\n mov r9, r4\n mov r10, r4\n mov r11, r4\n", "22")
};

template <>
struct PairProducts<3> {
  DRAGONET_PAIRS("r3-r5", DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9") DRAGONET_PRODUCT("r5", "r10"),
                 " ldmia r7!, {r3-r5}\n add r3, r8\n add r4, r9\n add r5, r10\n"
                 " subs r7, #12\n stmia r7!, {r3-r5}\n ldmia r7!, {r3-r5}\n" DRAGONET_UPPER("r3", "r8")
                     DRAGONET_UPPER("r4", "r9") DRAGONET_UPPER("r5", "r10") " subs r7, #12\n stmia r7!, {r3-r5}\n",
                 " mov r8, r4\n mov r9, r4\n mov r10, r4\n", "18")
};

template <>
struct PairProducts<2> {
  DRAGONET_PAIRS("r3-r4", DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9"),
                 " ldmia r7!, {r3-r6}\n add r3, r8\n add r4, r9\n" DRAGONET_UPPER("r5", "r8")
                     DRAGONET_UPPER("r6", "r9") " subs r7, #16\n stmia r7!, {r3-r6}\n",
                 " mov r8, r4\n mov r9, r4\n", "14")
};

#undef DRAGONET_PAIRS
#undef DRAGONET_PRODUCT
#undef DRAGONET_UPPER

#else

template <int pairs>
struct PairProducts {
  static RunPosition add(const uint32_t* words, const int8_t* weights, const uint8_t* runs, int32_t* sums) {
    for (; *runs != longest_run; ++runs) {
      const int length = longest_run - *runs;
      for (int p = 0; p < pairs; ++p) {
        uint32_t sum = 0x8000;
        for (int tap = 0; tap < length; ++tap) sum += words[tap * pairs + p] * (uint32_t)(int32_t)weights[tap];
        sums[p] = (int32_t)((uint32_t)sums[p] + sum);
        sums[pairs + p] += (int32_t)sum >> 16;
      }
      words += length * pairs;
      weights += length;
    }
    const RunPosition next = {weights, runs + 1};
    return next;
  }
};

#endif

}  // namespace dragonet
