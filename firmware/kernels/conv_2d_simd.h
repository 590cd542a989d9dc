// Convolution for a Cortex-M4: two output channels at once, and three pixels or two, so that a word of weights serves
// three pixels and a value two channels. What lies under the window is widened to 16 bits, two taps in a word.
#pragma once

#include "kernels/channel_pairs.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DSimd {
  Window window;  // without dilation from column to column
  // channel_pairs.h. A row of the window begins with a word. Its taps come in fours, as widen_fours() takes them, where
  // a cell has a multiple of four bytes, and in order where it has not.
  const uint32_t* pairs;
  int8_t min, max;  // of the output
  int16_t out_width, out_channels;
  int32_t words;  // of a patch, even: kernel_height * those of a row, perhaps one more
};

/// What multiply_pixels() goes through: all channels of some pixels.
struct PixelTile {
  const uint32_t *words, *words_end;  // [conv.words, pixels], and behind them
  const uint32_t *pairs, *pairs_end;
  int8_t* out;
  int32_t pixel_step;  // from pixel to pixel of the output
};

template <int pixels, bool is_rectified, bool has_eights>
void multiply_pixels(const PixelTile& tile);

#if DRAGONET_CORTEX_M4

// 24 cycles for 24 products of three pixels, 17 for 16 of two. Loops begin at a word: a branch to a long instruction
// that lies in two words takes a cycle more. r0 words, r1 pairs, r2 weights, r3 out, r4 to r9 sums, r8 to r12 values,
// lr the end of the words. Of the pair's other channel the sum is 256 times its own, and the one channel's beside it.
//   other     the register of the other channel's first sum
//   copy      it and r4, for the further pixels
//   products  of all words: where their number is a multiple of eight, or of any even number. `taps` are four of each
//             pixel, `odd_bit` one of the words' size in bytes, which is set where their number is no multiple of four
//   separate  the other channel's sums from the one's
//   one, the_other    outputs of a channel
//   halves    as DRAGONET_ROUND takes them
// clang-format off
#define DRAGONET_MULTIPLY_PIXELS(other, copy, products, separate, one, the_other)                        \
  register const uint32_t* r1 __asm__("r1") = tile.pairs;                                                \
  register int8_t* r3 __asm__("r3") = tile.out;                                                          \
  register const uint32_t* lr __asm__("lr") = tile.words_end;                                            \
  const uint32_t *const words = tile.words, *const end = tile.pairs_end;                                 \
  const int32_t step = tile.pixel_step;                                                                  \
  __asm__ volatile(                                                                                      \
      ".balign 4\n1:\n ldr r0, %[words]\n ldr r4, [r1], #4\n ldr " other ", [r1], #4\n" copy products    \
      " cmp r0, lr\n bne 2b\n"                                                                           \
      "3:\n ldr r2, %[step]\n ldr r10, [r1], #4\n ldr r11, [r1], #4\n ldr r12, [r1], #4\n" separate one  \
      " ldmia r1!, {r10, r11, r12}\n add r3, r3, #1\n ldr r0, %[end]\n cmp r12, #0\n beq 4f\n" the_other \
      " add r3, r3, #1\n cmp r1, r0\n bne 1b\n"                                                          \
      "4:\n"                                                                                             \
      : "+r"(r1), "+r"(r3)                                                                               \
      : "r"(lr), [words] "m"(words), [end] "m"(end), [step] "m"(step)                                    \
      : "r0", "r2", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory")
#define DRAGONET_EIGHTS(taps, odd_bit) ".balign 4\n2:\n" taps taps taps taps
#define DRAGONET_EVEN(taps, odd_bit) \
  " sub r2, lr, r0\n tst r2, #" odd_bit "\n beq 2f\n" taps " cmp r0, lr\n beq 3f\n.balign 4\n2:\n" taps taps
#define DRAGONET_PRODUCTS(sum, weight, value) " smlad " sum ", " weight ", " value ", " sum "\n"
#define DRAGONET_SEPARATE(other, one) " sub " other ", " other ", " one "\n"
#define DRAGONET_ONE(sum, at, halves) \
  " lsl " sum ", " sum ", #1\n" DRAGONET_ROUND(sum, "r10", "r11", "r12", halves) " strb " sum ", [" at "]\n"
#define DRAGONET_OTHER(sum, at, halves) \
  " asr " sum ", " sum ", #7\n" DRAGONET_ROUND(sum, "r10", "r11", "r12", halves) " strb " sum ", [" at "]\n"

#define DRAGONET_TWO_TAPS_OF_THREE                                                                               \
  " ldr r2, [r1], #4\n ldr r10, [r0], #4\n ldr r11, [r0], #4\n ldr r12, [r0], #4\n"                              \
  DRAGONET_PRODUCTS("r7", "r2", "r10") DRAGONET_PRODUCTS("r8", "r2", "r11") DRAGONET_PRODUCTS("r9", "r2", "r12") \
  " sxtb16 r2, r2\n"                                                                                             \
  DRAGONET_PRODUCTS("r4", "r2", "r10") DRAGONET_PRODUCTS("r5", "r2", "r11") DRAGONET_PRODUCTS("r6", "r2", "r12")
#define DRAGONET_MULTIPLY_THREE(products, halves)                                                       \
  DRAGONET_MULTIPLY_PIXELS(                                                                             \
      "r7", " mov r5, r4\n mov r6, r4\n mov r8, r7\n mov r9, r7\n",                                   \
      products(DRAGONET_TWO_TAPS_OF_THREE DRAGONET_TWO_TAPS_OF_THREE, "8"),                             \
      DRAGONET_SEPARATE("r7", "r4") DRAGONET_SEPARATE("r8", "r5") DRAGONET_SEPARATE("r9", "r6"),        \
      DRAGONET_ONE("r4", "r3", halves) DRAGONET_ONE("r5", "r3, r2", halves)                             \
          DRAGONET_ONE("r6", "r3, r2, lsl #1", halves),                                                 \
      DRAGONET_OTHER("r7", "r3", halves) DRAGONET_OTHER("r8", "r3, r2", halves)                         \
          DRAGONET_OTHER("r9", "r3, r2, lsl #1", halves))
#define DRAGONET_FOUR_TAPS_OF_TWO                                                                  \
  " ldr r2, [r1], #4\n ldr r12, [r1], #4\n ldr r8, [r0], #4\n ldr r9, [r0], #4\n"                  \
  " ldr r10, [r0], #4\n ldr r11, [r0], #4\n"                                                       \
  DRAGONET_PRODUCTS("r6", "r2", "r8") DRAGONET_PRODUCTS("r7", "r2", "r9") " sxtb16 r2, r2\n"       \
  DRAGONET_PRODUCTS("r4", "r2", "r8") DRAGONET_PRODUCTS("r5", "r2", "r9")                          \
  DRAGONET_PRODUCTS("r6", "r12", "r10") DRAGONET_PRODUCTS("r7", "r12", "r11") " sxtb16 r12, r12\n" \
  DRAGONET_PRODUCTS("r4", "r12", "r10") DRAGONET_PRODUCTS("r5", "r12", "r11")
#define DRAGONET_MULTIPLY_TWO(products, halves)                                                           \
  DRAGONET_MULTIPLY_PIXELS("r6", " mov r5, r4\n mov r7, r6\n", products(DRAGONET_FOUR_TAPS_OF_TWO, "16"), \
                           DRAGONET_SEPARATE("r6", "r4") DRAGONET_SEPARATE("r7", "r5"),                   \
                           DRAGONET_ONE("r4", "r3", halves) DRAGONET_ONE("r5", "r3, r2", halves),         \
                           DRAGONET_OTHER("r6", "r3", halves) DRAGONET_OTHER("r7", "r3, r2", halves))
#define DRAGONET_SPECIALIZE(pixels, multiply, is_rectified, halves)                 \
  template <>                                                                       \
  inline void multiply_pixels<pixels, is_rectified, false>(const PixelTile& tile) { \
    multiply(DRAGONET_EVEN, halves);                                                \
  }                                                                                 \
  template <>                                                                       \
  inline void multiply_pixels<pixels, is_rectified, true>(const PixelTile& tile) {  \
    multiply(DRAGONET_EIGHTS, halves);                                              \
  }
DRAGONET_SPECIALIZE(3, DRAGONET_MULTIPLY_THREE, false, DRAGONET_HALVES_AWAY)
DRAGONET_SPECIALIZE(3, DRAGONET_MULTIPLY_THREE, true, DRAGONET_HALVES_UP)
DRAGONET_SPECIALIZE(2, DRAGONET_MULTIPLY_TWO, false, DRAGONET_HALVES_AWAY)
DRAGONET_SPECIALIZE(2, DRAGONET_MULTIPLY_TWO, true, DRAGONET_HALVES_UP)
// clang-format on

#undef DRAGONET_SPECIALIZE
#undef DRAGONET_MULTIPLY_PIXELS
#undef DRAGONET_PRODUCTS
#undef DRAGONET_SEPARATE
#undef DRAGONET_ONE
#undef DRAGONET_OTHER
#undef DRAGONET_TWO_TAPS_OF_THREE
#undef DRAGONET_FOUR_TAPS_OF_TWO
#undef DRAGONET_MULTIPLY_THREE
#undef DRAGONET_MULTIPLY_TWO
#undef DRAGONET_EIGHTS
#undef DRAGONET_EVEN

#else

template <int pixels, bool is_rectified, bool has_eights>
void multiply_pixels(const PixelTile& tile) {
  const int32_t words = (int32_t)(tile.words_end - tile.words) / pixels;
  int8_t* out = tile.out;
  for (const uint32_t* pair = tile.pairs; pair != tile.pairs_end; pair += words + words_beside_weights, out += 2)
    for (int p = 0; p < pixels; ++p)
      multiply_channel_pair(pair, words, tile.words + p, pixels, out + p * tile.pixel_step);
}

#endif

/// A row of the window under each of some pixels, `step` bytes apart, to words [bytes / 2, pixels]: widened in fours,
/// or two by two, in order. bytes: a multiple of 4, or of 2. Returns the words' end.
template <int pixels>
uint32_t* widen_fours(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words);
template <int pixels>
uint32_t* widen_twos(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words);

#if DRAGONET_CORTEX_M4

// 20 cycles for twelve values of three pixels.
template <>
inline uint32_t* widen_fours<3>(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  const int8_t *second = from + step, *third = second + step, *const end = from + bytes;
  __asm__ volatile(
      ".balign 4\n1:\n ldr r6, [%[first]], #4\n ldr r7, [%[second]], #4\n ldr r8, [%[third]], #4\n"
      " sxtb16 r3, r6\n sxtb16 r4, r7\n sxtb16 r5, r8\n"
      " sxtb16 r6, r6, ror #8\n sxtb16 r7, r7, ror #8\n sxtb16 r8, r8, ror #8\n"
      " stmia %[words]!, {r3, r4, r5, r6, r7, r8}\n cmp %[first], %[end]\n bne 1b\n"
      : [first] "+&r"(from), [second] "+&r"(second), [third] "+&r"(third), [words] "+&r"(words)
      : [end] "r"(end)
      : "r3", "r4", "r5", "r6", "r7", "r8", "cc", "memory");
  return words;
}

template <>
inline uint32_t* widen_fours<2>(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  const int8_t *second = from + step, *const end = from + bytes;
  __asm__ volatile(
      ".balign 4\n1:\n ldr r6, [%[first]], #4\n ldr r7, [%[second]], #4\n sxtb16 r4, r6\n sxtb16 r5, r7\n"
      " sxtb16 r6, r6, ror #8\n sxtb16 r7, r7, ror #8\n"
      " stmia %[words]!, {r4, r5, r6, r7}\n cmp %[first], %[end]\n bne 1b\n"
      : [first] "+&r"(from), [second] "+&r"(second), [words] "+&r"(words)
      : [end] "r"(end)
      : "r4", "r5", "r6", "r7", "cc", "memory");
  return words;
}

template <>
inline uint32_t* widen_twos<3>(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  const int8_t *second = from + step, *third = second + step, *const end = from + bytes;
  __asm__ volatile(
      ".balign 4\n1:\n ldrsb r3, [%[first]], #2\n ldrsb r4, [%[second]], #2\n ldrsb r5, [%[third]], #2\n"
      " ldrsb r6, [%[first], #-1]\n ldrsb r7, [%[second], #-1]\n ldrsb r8, [%[third], #-1]\n"
      " pkhbt r3, r3, r6, lsl #16\n pkhbt r4, r4, r7, lsl #16\n pkhbt r5, r5, r8, lsl #16\n"
      " stmia %[words]!, {r3, r4, r5}\n cmp %[first], %[end]\n bne 1b\n"
      : [first] "+&r"(from), [second] "+&r"(second), [third] "+&r"(third), [words] "+&r"(words)
      : [end] "r"(end)
      : "r3", "r4", "r5", "r6", "r7", "r8", "cc", "memory");
  return words;
}

template <>
inline uint32_t* widen_twos<2>(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  const int8_t *second = from + step, *const end = from + bytes;
  __asm__ volatile(
      ".balign 4\n1:\n ldrsb r4, [%[first]], #2\n ldrsb r5, [%[second]], #2\n ldrsb r6, [%[first], #-1]\n"
      " ldrsb r7, [%[second], #-1]\n pkhbt r4, r4, r6, lsl #16\n pkhbt r5, r5, r7, lsl #16\n"
      " stmia %[words]!, {r4, r5}\n cmp %[first], %[end]\n bne 1b\n"
      : [first] "+&r"(from), [second] "+&r"(second), [words] "+&r"(words)
      : [end] "r"(end)
      : "r4", "r5", "r6", "r7", "cc", "memory");
  return words;
}

#else

template <int pixels>
uint32_t* widen_fours(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  for (const int8_t* const end = from + bytes; from != end; from += 4, words += 2 * pixels)
    for (int p = 0; p < pixels; ++p) {
      const uint32_t four = *(const uint32_t*)(from + p * step);
      words[p] = even_bytes(four);
      words[pixels + p] = odd_bytes(four);
    }
  return words;
}

template <int pixels>
uint32_t* widen_twos(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  for (const int8_t* const end = from + bytes; from != end; from += 2, words += pixels)
    for (int p = 0; p < pixels; ++p) {
      const int8_t* const two = from + p * step;
      words[p] = two_halves((uint32_t)(int32_t)two[0], (uint32_t)(int32_t)two[1]);
    }
  return words;
}

#endif

/// The same in order, of any number of bytes.
template <int pixels>
inline uint32_t* widen_in_order(const int8_t* from, int32_t step, int32_t bytes, uint32_t* words) {
  const int32_t even = bytes & ~1;
  if (even) words = widen_twos<pixels>(from, step, even, words);
  if (even == bytes) return words;
  for (int p = 0; p < pixels; ++p) words[p] = (uint16_t)(int16_t)from[even + p * step];
  return words + pixels;
}

/// The patches under pixels x onwards of output row y: words [conv.words, pixels]. cells: what is under their windows
/// in a row, where it must be put together. Beyond the row a pixel is as its first.
template <int pixels>
inline void widen_patches(const Conv2DSimd& conv, const RowsIn& in, int y, int x, int8_t* cells, uint32_t* words) {
  const Window& window = conv.window;
  const int32_t cell = window.cell_bytes, bytes = window.kernel_width * cell;
  const int left = x * window.stride_width - window.pad_left,
            between = x + 1 < conv.out_width ? window.stride_width : 0;
  const int count = (pixels - 1) * between + window.kernel_width;
  int in_y = y * window.stride_height - window.pad_top;
  for (int rows = window.kernel_height; rows > 0; --rows, in_y += window.dilation_height) {
    const int8_t* const from = cells_at(window, in, in_y, left, count, cells);
    words = cell % 4 ? widen_in_order<pixels>(from, between * cell, bytes, words)
                     : widen_fours<pixels>(from, between * cell, bytes, words);
  }
}

/// Pixels x to `end` of output row y. A row of one pixel is computed as if it were two in one place.
template <int pixels, bool is_rectified, bool has_eights>
__attribute__((noinline)) inline void conv_2d_simd_pixels(const Conv2DSimd& conv, const RowsIn& in, int y, int x,
                                                          int end, int8_t* out, int8_t* scratch) {
  uint32_t* const words = (uint32_t*)scratch;
  const int32_t step = conv.out_width == 1 ? 0 : conv.out_channels;
  const int32_t pairs = (conv.out_channels + 1) / 2;
  PixelTile tile = {words,      words + pixels * conv.words,
                    conv.pairs, conv.pairs + pairs * (conv.words + words_beside_weights),
                    out,        step};
  for (; x < end; x += pixels, tile.out += pixels * step) {
    widen_patches<pixels>(conv, in, y, x, (int8_t*)(words + 3 * conv.words), words);
    multiply_pixels<pixels, is_rectified, has_eights>(tile);
  }
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: [conv.words, 3]
/// words, then, where a window may reach beyond an edge, 2 * stride_width + kernel_width cells. is_rectified:
/// conv.min is not below the output's zero point. has_eights: conv.words is a multiple of 8.
template <bool is_rectified, bool has_eights>
inline void conv_2d_simd_row(const Conv2DSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  const int width = conv.out_width, twos = width == 1 ? 1 : (3 - width % 3) % 3,
            threes = width < 2 ? 0 : width - 2 * twos;
  if (threes) conv_2d_simd_pixels<3, is_rectified, has_eights>(conv, in, y, 0, threes, out_row, scratch);
  if (twos)
    conv_2d_simd_pixels<2, is_rectified, has_eights>(conv, in, y, threes, width, out_row + threes * conv.out_channels,
                                                     scratch);
  clamp_row(conv.min, conv.max, out_row, width * conv.out_channels);
}

}  // namespace dragonet
