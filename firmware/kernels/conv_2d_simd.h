// Convolution for a Cortex-M4: two output channels and three pixels at once, or two, so that a word of
// weights serves three pixels and a value two channels. What lies under the window is widened to 16 bits, two taps in a
// word.
#pragma once

#include "kernels/rounding.h"
#include "kernels/simd.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DSimd {
  Window window;
  // [pairs of channels, words]: in each half the weight of one channel and 256 times that of the other, for two taps. A
  // row of the window begins with a word. Its taps come in fours, as widen() takes them, where a cell has a multiple of
  // four bytes, and in order where it has not.
  const uint32_t* weights;
  RoundedChannels channels;
  int16_t out_width, out_channels;
  int16_t words;  // of a patch: kernel_height * those of a row, rounded up to 2
};

/// What multiply_pixels() goes through: all channels of some pixels.
struct PixelTile {
  const uint32_t *words, *end;  // [conv.words, pixels], and behind them
  const uint32_t* weights;
  const Rounding* roundings;
  int8_t* out;
  int32_t pixel_step;  // from pixel to pixel of the output
  int32_t channels;
};

template <int pixels>
void multiply_pixels(const PixelTile& tile);

#if DRAGONET_CORTEX_M4

// 24 cycles for 24 products of three pixels, 17 for 16 of two; GCC, which spills half of the sums, takes half as many
// again. r0 words, r2 weights, r4 to r9 sums, r8 to r12 values, lr the end of the words. Of the pair's other channel
// the sum is 256 times its own, and the one channel's beside it. Sums begin with biases.
//   other     the register of the other channel's first sum
//   copy      it and r4, for the further pixels
//   middle    a bit of the words' size in bytes that says whether their number is a multiple of four
//   taps      four of each pixel
//   separate  the other channel's sums from the one's
//   one, the_other    outputs of a channel
#define DRAGONET_MULTIPLY_PIXELS(other, copy, middle, taps, separate, one, the_other)                               \
  const uint32_t *const words = tile.words, *const end = tile.end, *weights = tile.weights;                         \
  const Rounding* roundings = tile.roundings;                                                                       \
  int8_t* out = tile.out;                                                                                           \
  const int32_t step = tile.pixel_step;                                                                             \
  int32_t left = tile.channels;                                                                                     \
  __asm__ volatile("1:\n ldr r2, %[roundings]\n ldr r0, %[words]\n ldr lr, %[end]\n ldr r4, [r2]\n ldr " other      \
                   ", [r2, #16]\n sub r3, lr, r0\n add " other ", r4, " other ", lsl #8\n" copy " tst r3, #" middle \
                   "\n beq 2f\n" taps                                                                               \
                   " cmp r0, lr\n beq 3f\n"                                                                         \
                   "2:\n" taps taps                                                                                 \
                   " cmp r0, lr\n bne 2b\n"                                                                         \
                   "3:\n ldr r0, %[roundings]\n ldr lr, %[left]\n ldr r10, %[out]\n ldr r11, %[step]\n"             \
                   " ldr r2, [r0, #4]\n ldr r3, [r0, #8]\n ldr r12, [r0, #12]\n" separate one                       \
                   " cmp lr, #1\n beq 4f\n add r10, r10, #1\n"                                                      \
                   " ldr r2, [r0, #20]\n ldr r3, [r0, #24]\n ldr r12, [r0, #28]\n" the_other                        \
                   " add r10, r10, #1\n add r0, r0, #32\n subs lr, lr, #2\n"                                        \
                   " str r10, %[out]\n str r0, %[roundings]\n str lr, %[left]\n bne 1b\n"                           \
                   "4:\n"                                                                                           \
                   : [weights] "+r"(weights), [roundings] "+m"(roundings), [out] "+m"(out), [left] "+m"(left)       \
                   : [words] "m"(words), [end] "m"(end), [step] "m"(step)                                           \
                   : "r0", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory")
#define DRAGONET_PRODUCTS(sum, weight, value) " smlad " sum ", " weight ", " value ", " sum "\n"
#define DRAGONET_SEPARATE(other, one) " sub " other ", " other ", " one "\n"
#define DRAGONET_ONE(sum, at) " lsl " sum ", " sum ", #1\n" DRAGONET_ROUND(sum, "r12") " strb " sum ", [" at "]\n"
#define DRAGONET_OTHER(sum, at) " asr " sum ", " sum ", #7\n" DRAGONET_ROUND(sum, "r12") " strb " sum ", [" at "]\n"
#define DRAGONET_TWO_TAPS_OF_THREE                                                                             \
  " ldr r2, [%[weights]], #4\n ldr r10, [r0], #4\n ldr r11, [r0], #4\n ldr r12, [r0], #4\n" DRAGONET_PRODUCTS( \
      "r7", "r2", "r10") DRAGONET_PRODUCTS("r8", "r2", "r11")                                                  \
      DRAGONET_PRODUCTS("r9", "r2", "r12") " sxtb16 r2, r2\n" DRAGONET_PRODUCTS("r4", "r2", "r10")             \
          DRAGONET_PRODUCTS("r5", "r2", "r11") DRAGONET_PRODUCTS("r6", "r2", "r12")

template <>
__attribute__((noinline)) inline void multiply_pixels<3>(const PixelTile& tile) {
  DRAGONET_MULTIPLY_PIXELS(
      "r7", " mov r5, r4\n mov r6, r4\n mov r8, r7\n mov r9, r7\n", "8",
      DRAGONET_TWO_TAPS_OF_THREE DRAGONET_TWO_TAPS_OF_THREE,
      DRAGONET_SEPARATE("r7", "r4") DRAGONET_SEPARATE("r8", "r5") DRAGONET_SEPARATE("r9", "r6"),
      DRAGONET_ONE("r4", "r10") DRAGONET_ONE("r5", "r10, r11") DRAGONET_ONE("r6", "r10, r11, lsl #1"),
      DRAGONET_OTHER("r7", "r10") DRAGONET_OTHER("r8", "r10, r11") DRAGONET_OTHER("r9", "r10, r11, lsl #1"));
}

template <>
__attribute__((noinline)) inline void multiply_pixels<2>(const PixelTile& tile) {
  DRAGONET_MULTIPLY_PIXELS(
      "r6", " mov r5, r4\n mov r7, r6\n", "16",
      " ldr r2, [%[weights]], #4\n ldr r3, [%[weights]], #4\n ldr r8, [r0], #4\n ldr r9, [r0], #4\n"
      " ldr r10, [r0], #4\n ldr r11, [r0], #4\n" DRAGONET_PRODUCTS("r6", "r2", "r8")
          DRAGONET_PRODUCTS("r7", "r2", "r9") " sxtb16 r2, r2\n" DRAGONET_PRODUCTS("r4", "r2", "r8")
              DRAGONET_PRODUCTS("r5", "r2", "r9") DRAGONET_PRODUCTS("r6", "r3", "r10")
                  DRAGONET_PRODUCTS("r7", "r3", "r11") " sxtb16 r3, r3\n" DRAGONET_PRODUCTS("r4", "r3", "r10")
                      DRAGONET_PRODUCTS("r5", "r3", "r11"),
      DRAGONET_SEPARATE("r6", "r4") DRAGONET_SEPARATE("r7", "r5"),
      DRAGONET_ONE("r4", "r10") DRAGONET_ONE("r5", "r10, r11"),
      DRAGONET_OTHER("r6", "r10") DRAGONET_OTHER("r7", "r10, r11"));
}

#undef DRAGONET_MULTIPLY_PIXELS
#undef DRAGONET_PRODUCTS
#undef DRAGONET_SEPARATE
#undef DRAGONET_ONE
#undef DRAGONET_OTHER
#undef DRAGONET_TWO_TAPS_OF_THREE

#else

template <int pixels>
void multiply_pixels(const PixelTile& tile) {
  const int32_t words = (int32_t)(tile.end - tile.words) / pixels;
  for (int32_t c = 0; c < tile.channels; ++c)
    for (int p = 0; p < pixels; ++p) {
      const uint32_t* const weights = tile.weights + c / 2 * words;
      int32_t one = 0, both = 0;
      for (int32_t word = 0; word < words; ++word) {
        const uint32_t values = tile.words[word * pixels + p];
        one = multiply_halves(even_bytes(weights[word]), values, one);
        both = multiply_halves(weights[word], values, both);
      }
      tile.out[p * tile.pixel_step + c] = rounded(tile.roundings[c], c % 2 ? sum_of_other(both, one) : one);
    }
}

#endif

/// bytes [count] in order, two in each word, of which one lies in each `step`. Returns the place of the next word.
inline uint32_t* widen_in_order(const int8_t* bytes, int32_t count, int step, uint32_t* words) {
  for (; count > 1; count -= 2, bytes += 2, words += step)
    *words = two_halves((uint32_t)(int32_t)bytes[0], (uint32_t)(int32_t)bytes[1]);
  if (count == 0) return words;
  *words = (uint16_t)(int16_t)*bytes;
  return words + step;
}

/// The cells of a row under a window whose left column is `left`, where they are not all inside: copied to cells,
/// [kernel_width, cell_bytes]. row: 0 beyond the edge.
inline void copy_cells(const Window& window, const int8_t* row, int left, int8_t* cells) {
  for (int kx = 0; kx < window.kernel_width; ++kx, left += window.dilation_width, cells += window.cell_bytes)
    if (row && left >= 0 && left < window.in_width)
      memcpy(cells, row + (uint32_t)left * window.cell_bytes, window.cell_bytes);
    else
      memset(cells, window.in_zero_point, window.cell_bytes);
}

/// The patch under output pixel (y, x): words [conv.words], of which one lies in each `pixels`. cells: a row of the
/// window, where it must be put together.
inline void widen_patch(const Conv2DSimd& conv, const RowsIn& in, int y, int x, int pixels, int8_t* cells,
                        uint32_t* words) {
  const Window& window = conv.window;
  const int top = y * window.stride_height - window.pad_top, left = x * window.stride_width - window.pad_left;
  const bool is_inside = left >= 0 && left + window.kernel_width <= window.in_width && window.dilation_width == 1;
  const int32_t bytes = (int32_t)window.kernel_width * window.cell_bytes;
  for (int ky = 0, in_y = top; ky < window.kernel_height; ++ky, in_y += window.dilation_height) {
    const int8_t* const row = in_y >= 0 && in_y < window.in_height ? in.row(in_y) : 0;
    const int8_t* from = cells;
    if (row && is_inside)
      from = row + left * window.cell_bytes;
    else
      copy_cells(window, row, left, cells);
    if (window.cell_bytes % 4)
      words = widen_in_order(from, bytes, pixels, words);
    else
      words = widen(from, bytes / 4, pixels, words);
  }
}

/// Pixels x onwards of output row y.
template <int pixels>
inline void conv_2d_simd_tile(const Conv2DSimd& conv, const RowsIn& in, int y, int x, int8_t* out, int8_t* scratch) {
  uint32_t* const words = (uint32_t*)scratch;
  uint32_t* const end = words + pixels * conv.words;
  for (int p = 0; p < pixels; ++p) {
    const int at = x + p < conv.out_width ? x + p : x;
    widen_patch(conv, in, y, at, pixels, (int8_t*)(words + 3 * conv.words), words + p);
  }
  const int32_t step = conv.out_width == 1 ? 0 : conv.out_channels;
  const PixelTile tile = {words, end, conv.weights, conv.channels.roundings, out, step, conv.out_channels};
  multiply_pixels<pixels>(tile);
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: [conv.words, 3]
/// words, then kernel_width * cell_bytes. A row of one pixel is computed as if it were two in one place.
inline void conv_2d_simd_row(const Conv2DSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  for (int x = 0; x < conv.out_width;) {
    const int left = conv.out_width - x, pixels = left == 3 || left > 4 ? 3 : 2;
    int8_t* const out = out_row + x * conv.out_channels;
    if (pixels == 3)
      conv_2d_simd_tile<3>(conv, in, y, x, out, scratch);
    else
      conv_2d_simd_tile<2>(conv, in, y, x, out, scratch);
    x += pixels;
  }
  clamp_row(conv.channels, out_row, conv.out_width * conv.out_channels);
}

}  // namespace dragonet
