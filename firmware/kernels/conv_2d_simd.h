// Convolution for a Cortex-M4: two output channels and two pixels at once, four taps of each a pass, so that a weight
// that is widened serves two pixels and a value two channels.
#pragma once

#include "kernels/estimate.h"
#include "kernels/simd.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DSimd {
  Window window;
  const uint32_t* weights;  // [pairs of channels, fours of taps, 2]: four weights in a word
  EstimatedChannels channels;
  int16_t out_width, out_channels;
  int32_t fours;  // of taps: kernel_height * kernel_width * in_channels / 4, rounded up
};

#if DRAGONET_CORTEX_M4

/// patches: [fours, 2 pixels, 2 words] of widened values; weights: [pairs, fours, 2]. sums [2 * pairs channels, 2
/// pixels].
// 21 cycles for 16 products, where GCC, which loads by twos and counts apart from the pointers, takes 27.
__attribute__((noinline)) inline void multiply_two_pixels(const uint32_t* patches, const uint32_t* weights,
                                                          int32_t fours, int32_t pairs, int32_t* sums) {
  const uint32_t* const begin = patches;
  const uint32_t words = 2 * (uint32_t)fours;
  int32_t left = pairs, *to = sums;
#define DRAGONET_FOUR_TAPS                                                                     \
  " ldmia %[patches]!, {r2, r3, r4, r5}\n ldrd r6, r7, [%[weights]], #8\n"                     \
  " sxtb16 lr, r6\n sxtb16 r6, r6, ror #8\n smlad r8, lr, r2, r8\n smlad r9, lr, r4, r9\n"     \
  " smlad r8, r6, r3, r8\n smlad r9, r6, r5, r9\n"                                             \
  " sxtb16 lr, r7\n sxtb16 r7, r7, ror #8\n smlad r10, lr, r2, r10\n smlad r11, lr, r4, r11\n" \
  " smlad r10, r7, r3, r10\n smlad r11, r7, r5, r11\n"
  __asm__ volatile(
      "1:\n ldr r2, %[words]\n ldr %[patches], %[begin]\n add r12, %[weights], r2, lsl #2\n"
      " mov r8, #0\n mov r9, #0\n mov r10, #0\n mov r11, #0\n"
      " tst r2, #2\n beq 3f\n" DRAGONET_FOUR_TAPS
      " cmp %[weights], r12\n beq 4f\n"
      "3:\n" DRAGONET_FOUR_TAPS DRAGONET_FOUR_TAPS
      " cmp %[weights], r12\n bne 3b\n"
      "4:\n ldr r2, %[to]\n ldr r3, %[left]\n stmia r2!, {r8, r9, r10, r11}\n subs r3, r3, #1\n"
      " str r2, %[to]\n str r3, %[left]\n bne 1b\n"
      : [patches] "+r"(patches), [weights] "+r"(weights), [to] "+m"(to), [left] "+m"(left)
      : [begin] "m"(begin), [words] "m"(words)
      : "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
#undef DRAGONET_FOUR_TAPS
}

/// The outputs of two pixels, from the channel of `sums` on to the first of which one is in doubt; returns that
/// channel's sums, or end.
// 38 cycles for two outputs; GCC takes 70, since it runs out of registers.
__attribute__((noinline)) inline const int32_t* finish_two_pixels(const EstimatedChannels& channels,
                                                                  const Estimate* estimates, const int32_t* sums,
                                                                  const int32_t* end, int8_t* first, int8_t* second) {
#define DRAGONET_FINISH(sum, out)                                                       \
  " cmp " sum ", r2\n it lt\n movlt " sum ", r2\n cmp " sum ", r3\n it gt\n movgt " sum \
  ", r3\n"                                                                              \
  " asr " sum ", " sum ", %[shift]\n mla " sum ", " sum ", r4, r5\n cmp %[doubt], " sum \
  ", lsl #9\n bhi 2f\n"                                                                 \
  " asr " sum ", " sum ", #23\n strb " sum ", [" out "], #1\n"
  __asm__ volatile(
      "1:\n ldrd r6, r7, [%[sums]], #8\n ldmia %[estimates]!, {r2, r3, r4, r5}\n" DRAGONET_FINISH("r6", "%[first]")
          DRAGONET_FINISH("r7", "%[second]") " cmp %[sums], %[end]\n bne 1b\n b 3f\n"
      "2:\n sub %[sums], %[sums], #8\n3:\n"
      : [sums] "+r"(sums), [estimates] "+r"(estimates), [first] "+r"(first), [second] "+r"(second)
      : [end] "r"(end), [shift] "r"((int32_t)channels.shift), [doubt] "r"(channels.doubt)
      : "r2", "r3", "r4", "r5", "r6", "r7", "cc", "memory");
#undef DRAGONET_FINISH
  return sums;
}

#else

inline void multiply_two_pixels(const uint32_t* patches, const uint32_t* weights, int32_t fours, int32_t pairs,
                                int32_t* sums) {
  for (int32_t channel = 0; channel < 2 * pairs; ++channel)
    for (int pixel = 0; pixel < 2; ++pixel) {
      const uint32_t* word = weights + (channel / 2 * fours * 2) + channel % 2;
      const uint32_t* value = patches + 2 * pixel;
      int32_t sum = 0;
      for (int32_t four = 0; four < fours; ++four, word += 2, value += 4) {
        sum = multiply_halves(even_bytes(*word), value[0], sum);
        sum = multiply_halves(odd_bytes(*word), value[1], sum);
      }
      *sums++ = sum;
    }
}

inline const int32_t* finish_two_pixels(const EstimatedChannels& channels, const Estimate* estimates,
                                        const int32_t* sums, const int32_t* end, int8_t* first, int8_t* second) {
  const Estimating estimating(channels);
  for (; sums != end; sums += 2, ++estimates) {
    const uint32_t one = estimating.fixed(*estimates, sums[0]), other = estimating.fixed(*estimates, sums[1]);
    if (estimating.is_in_doubt(one) || estimating.is_in_doubt(other)) break;
    *first++ = (int8_t)((int32_t)one >> estimate_bits);
    *second++ = (int8_t)((int32_t)other >> estimate_bits);
  }
  return sums;
}

#endif

/// sums [channel_count, 2 pixels] -> first and second [channel_count].
inline void finish_pixels(const EstimatedChannels& channels, int32_t channel_count, const int32_t* sums, int8_t* first,
                          int8_t* second) {
  const int32_t *at = sums, *const end = sums + 2 * channel_count;
  for (;;) {
    int32_t c = (int32_t)(at - sums) / 2;
    at = finish_two_pixels(channels, channels.estimates + c, at, end, first + c, second + c);
    if (at == end) return;
    c = (int32_t)(at - sums) / 2;
    first[c] = exactly_finished(channels.exact, c, at[0]);
    second[c] = exactly_finished(channels.exact, c, at[1]);
    at += 2;
    if (at == end) return;
  }
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: sums [out_channels,
/// rounded up to 2, 2], then 4 * fours words, then 4 * fours bytes of a patch or out_channels, whichever is more. The
/// last of an odd number of pixels is computed with the one before once more; where there is only one, with itself.
inline void conv_2d_simd_row(const Conv2DSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  const int32_t out_channels = conv.out_channels, pairs = (out_channels + 1) / 2;
  int32_t* const sums = (int32_t*)scratch;
  uint32_t* const words = (uint32_t*)(sums + 4 * pairs);
  int8_t* const patch = (int8_t*)(words + 4 * conv.fours);
  for (int x = 0; x < conv.out_width; x += 2) {
    const int first = conv.out_width - x < 2 && x > 0 ? x - 1 : x;
    for (int p = 0; p < 2; ++p) {
      gather_patch(conv.window, in, y, first + p < conv.out_width ? first + p : first, patch);
      widen(patch, conv.fours, 4, words + 2 * p);
    }
    multiply_two_pixels(words, conv.weights, conv.fours, pairs, sums);
    int8_t* const out = out_row + first * out_channels;
    finish_pixels(conv.channels, out_channels, sums, out, conv.out_width == 1 ? patch : out + out_channels);
  }
}

}  // namespace dragonet
