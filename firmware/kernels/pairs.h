// Two products in one multiplication of 32 bits: a word holds a pixel in its lower half and another, times 2^16, on top
// of it, so that one product with a weight is a product of each. The lower half's sum stays within 16 bits as long as
// the sum of |weight| is at most 255: 128 * 255 < 2^15. The compiler cuts each channel's weights into *runs* of which
// it knows that. After each run both halves are added to sums of 32 bits. Of the words' total, modulo 2^32, and of the
// sum of upper halves the sum of lower halves follows.
#pragma once

#include <stdint.h>

namespace dragonet {

enum { longest_run = 16 };

/// A channel's runs: in bytes 0 and 1 their number; then, for each, what its length lacks to longest_run; then
/// longest_run.
inline int32_t run_count(const uint8_t* runs) { return runs[0] | (int32_t)runs[1] << 8; }

/// What multiply_runs() reads next, after a channel.
struct RunPosition {
  const int8_t* weights;
  const uint8_t* runs;
};

#if defined(__arm__) && defined(__ARM_ARCH_6M__) && !defined(DRAGONET_NO_ASSEMBLY)

// GCC keeps neither the accumulators in the upper registers nor the words in one `ldm`, and takes 40 % more cycles.
// r0 words, r1 weights, lr runs, r12 sums, r8.. accumulators, which begin at 2^15 so that a shift rounds down to the
// upper half. Each tap takes 3 + (1 + N) + 2 N cycles for 2 N pixels; a run jumps behind those that it lacks.
#define DRAGONET_PAIRS_BEGIN          \
  ".syntax unified\n mov lr, r2\n mov r12, r3\n b 2f\n" \
  "1:\n"                              \
  " movs r7, #0\n"                    \
  " add pc, r3\n"                     \
  " nop\n"
#define DRAGONET_PAIRS_TAP_WEIGHT " ldrsb r2, [r1, r7]\n adds r1, #1\n"
#define DRAGONET_PAIRS_NEXT(tap_bytes)                       \
  "2:\n"                                                     \
  " mov r7, lr\n ldrb r3, [r7]\n adds r7, #1\n mov lr, r7\n" \
  " movs r4, #128\n lsls r4, r4, #8\n"
#define DRAGONET_PAIRS_END(tap_bytes)             \
  " cmp r3, #16\n bhs 3f\n movs r4, #" #tap_bytes \
  "\n muls r3, r4, r3\n b 1b\n"                   \
  "3:\n mov r2, lr\n"

/// Adds to upper [pairs] the sums of the upper halves' products, and to total [pairs] those of the whole words and
/// 2^15 for each run. words: [taps, pairs]; weights: [taps].
template <int pairs>
struct PairProducts;

template <>
struct PairProducts<4> {
  static __attribute__((noinline)) RunPosition add(const uint32_t* words, const int8_t* weights, const uint8_t* runs,
                                                   int32_t* sums) {
    register const uint32_t* r0 __asm__("r0") = words;
    register const int8_t* r1 __asm__("r1") = weights;
    register const uint8_t* r2 __asm__("r2") = runs;
    register int32_t* r3 __asm__("r3") = sums;
    __asm__ volatile(DRAGONET_PAIRS_BEGIN
                     ".rept 16\n ldmia r0!, {r3-r6}\n" DRAGONET_PAIRS_TAP_WEIGHT
                     " muls r3, r2, r3\n muls r4, r2, r4\n muls r5, r2, r5\n muls r6, r2, r6\n"
                     " add r8, r3\n add r9, r4\n add r10, r5\n add r11, r6\n.endr\n"
                     " mov r7, r12\n ldmia r7!, {r3-r6}\n"
                     " mov r2, r8\n asrs r2, r2, #16\n adds r3, r3, r2\n"
                     " mov r2, r9\n asrs r2, r2, #16\n adds r4, r4, r2\n"
                     " mov r2, r10\n asrs r2, r2, #16\n adds r5, r5, r2\n"
                     " mov r2, r11\n asrs r2, r2, #16\n adds r6, r6, r2\n"
                     " subs r7, #16\n stmia r7!, {r3-r6}\n ldmia r7!, {r3-r6}\n"
                     " add r3, r8\n add r4, r9\n add r5, r10\n add r6, r11\n"
                     " subs r7, #16\n stmia r7!, {r3-r6}\n" DRAGONET_PAIRS_NEXT(
                         22) " mov r8, r4\n mov r9, r4\n mov r10, r4\n mov r11, r4\n" DRAGONET_PAIRS_END(22)
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                     :
                     : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
    const RunPosition next = {r1, r2};
    return next;
  }
};

template <>
struct PairProducts<3> {
  static __attribute__((noinline)) RunPosition add(const uint32_t* words, const int8_t* weights, const uint8_t* runs,
                                                   int32_t* sums) {
    register const uint32_t* r0 __asm__("r0") = words;
    register const int8_t* r1 __asm__("r1") = weights;
    register const uint8_t* r2 __asm__("r2") = runs;
    register int32_t* r3 __asm__("r3") = sums;
    __asm__ volatile(DRAGONET_PAIRS_BEGIN ".rept 16\n ldmia r0!, {r3-r5}\n" DRAGONET_PAIRS_TAP_WEIGHT
                                          " muls r3, r2, r3\n muls r4, r2, r4\n muls r5, r2, r5\n"
                                          " add r8, r3\n add r9, r4\n add r10, r5\n.endr\n"
                                          " mov r7, r12\n ldmia r7!, {r3-r5}\n"
                                          " mov r2, r8\n asrs r2, r2, #16\n adds r3, r3, r2\n"
                                          " mov r2, r9\n asrs r2, r2, #16\n adds r4, r4, r2\n"
                                          " mov r2, r10\n asrs r2, r2, #16\n adds r5, r5, r2\n"
                                          " subs r7, #12\n stmia r7!, {r3-r5}\n ldmia r7!, {r3-r5}\n"
                                          " add r3, r8\n add r4, r9\n add r5, r10\n"
                                          " subs r7, #12\n stmia r7!, {r3-r5}\n" DRAGONET_PAIRS_NEXT(
                                              18) " mov r8, r4\n mov r9, r4\n mov r10, r4\n" DRAGONET_PAIRS_END(18)
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                     :
                     : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
    const RunPosition next = {r1, r2};
    return next;
  }
};

// With two words their sums have upper registers, too: r8, r9 accumulators, r10, r11 totals, r12 and r6 upper halves.
template <>
struct PairProducts<2> {
  static __attribute__((noinline)) RunPosition add(const uint32_t* words, const int8_t* weights, const uint8_t* runs,
                                                   int32_t* sums) {
    register const uint32_t* r0 __asm__("r0") = words;
    register const int8_t* r1 __asm__("r1") = weights;
    register const uint8_t* r2 __asm__("r2") = runs;
    register int32_t* r3 __asm__("r3") = sums;
    __asm__ volatile(DRAGONET_PAIRS_BEGIN ".rept 16\n ldmia r0!, {r3-r4}\n" DRAGONET_PAIRS_TAP_WEIGHT
                                          " muls r3, r2, r3\n muls r4, r2, r4\n"
                                          " add r8, r3\n add r9, r4\n.endr\n"
                                          " mov r7, r12\n ldmia r7!, {r3-r6}\n"
                                          " mov r2, r8\n add r5, r8\n asrs r2, r2, #16\n adds r3, r3, r2\n"
                                          " mov r2, r9\n add r6, r9\n asrs r2, r2, #16\n adds r4, r4, r2\n"
                                          " subs r7, #16\n stmia r7!, {r3-r6}\n" DRAGONET_PAIRS_NEXT(
                                              14) " mov r8, r4\n mov r9, r4\n" DRAGONET_PAIRS_END(14)
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)
                     :
                     : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
    const RunPosition next = {r1, r2};
    return next;
  }
};

#else

template <int pairs>
struct PairProducts {
  static RunPosition add(const uint32_t* words, const int8_t* weights, const uint8_t* runs, int32_t* sums) {
    for (; *runs != longest_run; ++runs) {
      const int length = longest_run - *runs;
      for (int p = 0; p < pairs; ++p) {
        uint32_t sum = 0x8000;
        for (int tap = 0; tap < length; ++tap) sum += words[tap * pairs + p] * (uint32_t)(int32_t)weights[tap];
        sums[p] += (int32_t)sum >> 16;
        sums[pairs + p] = (int32_t)((uint32_t)sums[pairs + p] + sum);
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
