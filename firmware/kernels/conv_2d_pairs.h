// Convolution of several pixels of a row at once, for a Cortex-M0+: patches of pairs of pixels are gathered in words
// (pairs.h), and each output channel's weights go through them once.
#pragma once

#include "kernels/assembly.h"
#include "kernels/estimate.h"
#include "kernels/pairs.h"
#include "kernels/window.h"

namespace dragonet {

/// Of one output channel: what to take off the sums of whole words, 2^15 for each run, and its Estimate.
struct PairEstimate {
  int32_t begun;
  Estimate estimate;
};

struct Conv2DPairs {
  Window window;  // without dilation from column to column
  // Of each channel, for each run: how many bytes of the kernel's code it leaves out, divided by two, then its weights;
  // after the last run end_of_runs.
  const uint8_t* runs;
  const PairEstimate* estimates;  // [out_channels]
  EstimatedChannels channels;     // without estimates
  int16_t out_width, out_channels;
};

enum { end_of_runs = 255 };

/// A row of the window under each of 2 * pairs pixels, `step` bytes apart, the last two last_step: words [bytes,
/// pairs]. Returns their end.
template <int pairs>
uint32_t* pair_values(const int8_t* from, int32_t step, int32_t last_step, int32_t bytes, uint32_t* words);

#if DRAGONET_CORTEX_M0

// 5 cycles a value. r0 values, r1 words, r2 step, r6 last step, r7 from the first pixel to the
// value, r3 and r4 words.
// clang-format off
#define DRAGONET_PAIR(word, step)                                                                               \
  " ldrsb " word ", [r0, r7]\n adds r7, r7, " step "\n ldrsb r5, [r0, r7]\n lsls r5, r5, #16\n adds " word ", " \
  word ", r5\n"
#define DRAGONET_NEXT " adds r7, r7, r2\n"
#define DRAGONET_PAIR_VALUES(pairs_of_a_value)                                                           \
  register const int8_t* r0 __asm__("r0") = from;                                                        \
  register uint32_t* r1 __asm__("r1") = words;                                                           \
  register int32_t r2 __asm__("r2") = step;                                                              \
  register int32_t r6 __asm__("r6") = last_step;                                                         \
  const int8_t* const end = from + bytes;                                                                \
  __asm__ volatile(                                                                                      \
      ".syntax unified\n1:\n movs r7, #0\n" pairs_of_a_value " adds r0, #1\n cmp r0, %[end]\n bne 1b\n"  \
      : "+r"(r0), "+r"(r1) : "r"(r2), "r"(r6), [end] "h"(end) : "r3", "r4", "r5", "r7", "cc", "memory"); \
  return r1

template <>
inline uint32_t* pair_values<4>(const int8_t* from, int32_t step, int32_t last_step, int32_t bytes,
                                uint32_t* words) {
  DRAGONET_PAIR_VALUES(
      DRAGONET_PAIR("r3", "r2") DRAGONET_NEXT DRAGONET_PAIR("r4", "r2") " stmia r1!, {r3, r4}\n" DRAGONET_NEXT
      DRAGONET_PAIR("r3", "r2") DRAGONET_NEXT DRAGONET_PAIR("r4", "r6") " stmia r1!, {r3, r4}\n");
}

template <>
inline uint32_t* pair_values<3>(const int8_t* from, int32_t step, int32_t last_step, int32_t bytes,
                                uint32_t* words) {
  DRAGONET_PAIR_VALUES(
      DRAGONET_PAIR("r3", "r2") DRAGONET_NEXT DRAGONET_PAIR("r4", "r2") " stmia r1!, {r3, r4}\n" DRAGONET_NEXT
      DRAGONET_PAIR("r3", "r6") " stmia r1!, {r3}\n");
}

template <>
inline uint32_t* pair_values<2>(const int8_t* from, int32_t step, int32_t last_step, int32_t bytes,
                                uint32_t* words) {
  DRAGONET_PAIR_VALUES(DRAGONET_PAIR("r3", "r2") DRAGONET_NEXT DRAGONET_PAIR("r4", "r6") " stmia r1!, {r3, r4}\n");
}
// clang-format on

#undef DRAGONET_PAIR
#undef DRAGONET_NEXT
#undef DRAGONET_PAIR_VALUES

#else

template <int pairs>
uint32_t* pair_values(const int8_t* from, int32_t step, int32_t last_step, int32_t bytes, uint32_t* words) {
  for (const int8_t* const end = from + bytes; from != end; ++from)
    for (int p = 0; p < pairs; ++p) {
      const int8_t* const low = from + 2 * p * step;
      const int32_t high = low[p + 1 < pairs ? step : last_step];
      *words++ = (uint32_t)(int32_t)*low + ((uint32_t)high << 16);
    }
  return words;
}

#endif

/// The patches of output pixels x to x + 2 * pairs - 1 of row y, each second of which is paired with the one before;
/// the last two are one if they are not both in the row. words: [kernel_height, kernel_width, cell_bytes, pairs].
/// cells: what is under their windows in a row, where it must be put together.
template <int pairs>
__attribute__((noinline)) inline void gather_pairs(const Conv2DPairs& conv, const RowsIn& in, int y, int x,
                                                   int8_t* cells, uint32_t* words) {
  const Window& window = conv.window;
  const int32_t cell = window.cell_bytes, step = window.stride_width * cell;
  const int pixels = conv.out_width - x < 2 * pairs ? conv.out_width - x : 2 * pairs;
  const int left = x * window.stride_width - window.pad_left;
  const int count = (pixels - 1) * window.stride_width + window.kernel_width;
  int in_y = y * window.stride_height - window.pad_top;
  for (int rows = window.kernel_height; rows > 0; --rows, in_y += window.dilation_height)
    words = pair_values<pairs>(cells_at(window, in, in_y, left, count, cells), step, pixels < 2 * pairs ? 0 : step,
                               window.kernel_width * cell, words);
}

/// What multiply_pairs() goes through: all channels of some pixels.
struct PairTile {
  const uint32_t* words;  // [taps, pairs]
  const uint8_t* runs;
  const PairEstimate* estimates;
  int8_t *out, *out_end;    // of the first pixel
  int32_t step, last_step;  // from pixel to pixel of the output; between the last two 0 if they are one
  uint32_t doubt;           // of EstimatedChannels
  int32_t shift;
};

#if DRAGONET_CORTEX_M0

// In C++, GCC keeps neither the accumulators in the upper registers nor the words in one `ldm`, and takes 40 % more
// cycles. r0 words, r1 runs, r12 sums, lr 2^15, r8 to r11 accumulators, which begin at 2^15 so that a shift rounds down
// to the upper half. A tap takes 3 + (1 + N) + 2 N cycles for 2 N pixels; a run jumps behind those that it lacks. The
// first one stores sums, the others add to them. An output takes 19.
//   registers of N words
//   products  of each with the weight, r2, added to its accumulator
//   begin     accumulators
//   store     accumulators to sums: N of upper halves, N of whole words less r2; r7 is at the sums
//   add       the same, to what the sums are
//   outputs   of each pair
// clang-format off
#define DRAGONET_TAPS(registers, products)              \
  " lsls r3, r3, #1\n movs r7, #0\n add pc, r3\n nop\n" \
  ".rept 16\n ldmia r0!, {" registers "}\n ldrsb r2, [r1, r7]\n adds r1, #1\n" products ".endr\n"
#define DRAGONET_PAIRS(registers, products, begin, store, add, outputs)                                     \
  register const uint8_t* r1 __asm__("r1") = tile.runs;                                                     \
  register int32_t* r2 __asm__("r2") = sums;                                                                \
  const uint32_t* const from = tile.words;                                                                  \
  const PairEstimate* estimates = tile.estimates;                                                           \
  int8_t *out = tile.out, *const end = tile.out_end;                                                        \
  const int32_t step = tile.step, last_step = tile.last_step, shift = tile.shift;                           \
  const uint32_t doubt = tile.doubt;                                                                        \
  int32_t in_doubt = 0;                                                                                     \
  __asm__ volatile(                                                                                         \
      ".syntax unified\n mov r12, r2\n"                                                                     \
      "1:\n ldr r0, %[from]\n movs r4, #128\n lsls r4, r4, #8\n mov lr, r4\n" begin                         \
      " ldrb r3, [r1]\n adds r1, #1\n" DRAGONET_TAPS(registers, products)                                   \
      " ldr r7, %[estimates]\n ldr r2, [r7]\n mov r7, r12\n" store " b 3f\n"                                \
      "2:\n" begin DRAGONET_TAPS(registers, products) " mov r7, r12\n" add                                  \
      "3:\n ldrb r3, [r1]\n adds r1, #1\n cmp r3, #255\n beq 6f\n b 2b\n6:\n"                               \
      " ldr r7, %[estimates]\n adds r7, #4\n ldmia r7!, {r2, r3, r4, r5}\n str r7, %[estimates]\n"          \
      " mov r8, r2\n mov r9, r3\n mov r10, r5\n ldr r2, %[doubt]\n mov r11, r2\n ldr r5, %[shift]\n"        \
      " mov lr, r1\n ldr r1, %[step]\n ldr r0, %[out]\n adds r2, r0, #1\n str r2, %[out]\n mov r7, r12\n"   \
      outputs                                                                                               \
      " mov r1, lr\n ldr r0, %[out]\n ldr r2, %[end]\n ldr r3, %[in_doubt]\n cmp r3, #0\n bne 9f\n"         \
      " cmp r0, r2\n beq 9f\n b 1b\n9:\n"                                                                   \
      : "+r"(r1), "+r"(r2), [estimates] "+m"(estimates), [out] "+m"(out), [in_doubt] "+m"(in_doubt)         \
      : [from] "m"(from), [end] "m"(end), [step] "m"(step), [last_step] "m"(last_step), [shift] "m"(shift), \
        [doubt] "m"(doubt)                                                                                  \
      : "r0", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");         \
  tile.runs = r1, tile.estimates = estimates, tile.out = out;                                               \
  return in_doubt

#define DRAGONET_PRODUCT(word, accumulator) " muls " word ", r2, " word "\n add " accumulator ", " word "\n"
#define DRAGONET_UPPER(sum, accumulator) " mov r2, " accumulator "\n asrs r2, r2, #16\n adds " sum ", " sum ", r2\n"
// r2 or r3 the sum, r8 and r9 its bounds, r4 multiplier, r5 shift, r10 offset, r11 doubt. Outputs in doubt, whose `bit`
// is noted, and those at the ends of int8 are handled between two pairs, where short branches reach.
#define DRAGONET_OUTPUT(sum, at, n, to)                                                                        \
  " cmp " sum ", r8\n blt 3" n to "\n cmp " sum ", r9\n bgt 4" n to "\n asrs " sum ", r5\n muls " sum ", r4, " \
  sum "\n"                                                                                                     \
  " add " sum ", r10\n lsls r6, " sum ", #9\n cmp r6, r11\n bcc 2" n to "\n asrs " sum ", " sum ", #23\n"      \
  "1" n ":\n strb " sum ", [" at "]\n"
#define DRAGONET_ASIDE(sum, n, back, bit)                                                     \
  "2" n ":\n ldr r6, %[in_doubt]\n adds r6, #" bit "\n str r6, %[in_doubt]\n b 1" n back "\n" \
  "3" n ":\n movs " sum ", #128\n b 1" n back "\n4" n ":\n movs " sum ", #127\n b 1" n back "\n"
#define DRAGONET_PAIR_ASIDE(n, m, back, bit, next_bit) DRAGONET_ASIDE("r2", n, back, bit) DRAGONET_ASIDE("r3", m, \
  back, next_bit)
#define DRAGONET_ASIDES(before, after) " b 5f\n" before after "5:\n"
#define DRAGONET_OUTPUTS(upper, whole, n, m, to)                                                \
  " ldr r3, [r7, #" upper "]\n ldr r2, [r7, #" whole "]\n lsls r6, r3, #16\n subs r2, r2, r6\n" \
  DRAGONET_OUTPUT("r3", "r0, r1", m, to) DRAGONET_OUTPUT("r2", "r0", n, to)
#define DRAGONET_NEXT " adds r0, r0, r1\n adds r0, r0, r1\n"
#define DRAGONET_LAST DRAGONET_NEXT " ldr r1, %[last_step]\n"

/// Goes through channels to the first of which an output is in doubt, or to the last. Sets `tile` to what follows.
/// Returns a bit for each pixel whose output was in doubt; the sums are then still there. sums: [pairs] of upper
/// halves, [pairs] of words.
template <int pairs>
int32_t multiply_pairs(PairTile& tile, int32_t* sums);

template <>
__attribute__((noinline)) inline int32_t multiply_pairs<4>(PairTile& tile, int32_t* sums) {
  DRAGONET_PAIRS("r3-r6",
                 DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9") DRAGONET_PRODUCT("r5", "r10")
                     DRAGONET_PRODUCT("r6", "r11"),
                 " mov r8, lr\n mov r9, lr\n mov r10, lr\n mov r11, lr\n",
                 " mov r3, r8\n mov r4, r9\n mov r5, r10\n mov r6, r11\n"
                 " asrs r3, r3, #16\n asrs r4, r4, #16\n asrs r5, r5, #16\n asrs r6, r6, #16\n stmia r7!, {r3-r6}\n"
                 " mov r3, r8\n mov r4, r9\n mov r5, r10\n mov r6, r11\n"
                 " subs r3, r3, r2\n subs r4, r4, r2\n subs r5, r5, r2\n subs r6, r6, r2\n stmia r7!, {r3-r6}\n",
                 " ldmia r7!, {r3-r6}\n" DRAGONET_UPPER("r3", "r8") DRAGONET_UPPER("r4", "r9")
                     DRAGONET_UPPER("r5", "r10") DRAGONET_UPPER("r6", "r11")
                 " subs r7, #16\n stmia r7!, {r3-r6}\n ldmia r7!, {r3-r6}\n add r3, r8\n add r4, r9\n add r5, r10\n"
                 " add r6, r11\n subs r7, #16\n stmia r7!, {r3-r6}\n",
                 DRAGONET_OUTPUTS("0", "16", "1", "2", "f") DRAGONET_NEXT DRAGONET_OUTPUTS("4", "20", "3", "4", "f")
                 DRAGONET_ASIDES(
                     DRAGONET_PAIR_ASIDE("1", "2", "b", "1", "2") DRAGONET_PAIR_ASIDE("3", "4", "b", "4", "8"),
                     DRAGONET_PAIR_ASIDE("5", "6", "f", "16", "32") DRAGONET_PAIR_ASIDE("7", "8", "f", "64", "128"))
                 DRAGONET_NEXT DRAGONET_OUTPUTS("8", "24", "5", "6", "b")
                 DRAGONET_LAST DRAGONET_OUTPUTS("12", "28", "7", "8", "b"));
}

template <>
__attribute__((noinline)) inline int32_t multiply_pairs<3>(PairTile& tile, int32_t* sums) {
  DRAGONET_PAIRS("r3-r5", DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9") DRAGONET_PRODUCT("r5", "r10"),
                 " mov r8, lr\n mov r9, lr\n mov r10, lr\n",
                 " mov r3, r8\n mov r4, r9\n mov r5, r10\n"
                 " asrs r3, r3, #16\n asrs r4, r4, #16\n asrs r5, r5, #16\n stmia r7!, {r3-r5}\n"
                 " mov r3, r8\n mov r4, r9\n mov r5, r10\n"
                 " subs r3, r3, r2\n subs r4, r4, r2\n subs r5, r5, r2\n stmia r7!, {r3-r5}\n",
                 " ldmia r7!, {r3-r5}\n" DRAGONET_UPPER("r3", "r8") DRAGONET_UPPER("r4", "r9")
                 DRAGONET_UPPER("r5", "r10")
                 " subs r7, #12\n stmia r7!, {r3-r5}\n ldmia r7!, {r3-r5}\n add r3, r8\n add r4, r9\n add r5, r10\n"
                 " subs r7, #12\n stmia r7!, {r3-r5}\n",
                 DRAGONET_OUTPUTS("0", "12", "1", "2", "f") DRAGONET_NEXT DRAGONET_OUTPUTS("4", "16", "3", "4", "f")
                 DRAGONET_ASIDES(
                     DRAGONET_PAIR_ASIDE("1", "2", "b", "1", "2") DRAGONET_PAIR_ASIDE("3", "4", "b", "4", "8"),
                     DRAGONET_PAIR_ASIDE("5", "6", "f", "16", "32"))
                 DRAGONET_LAST DRAGONET_OUTPUTS("8", "20", "5", "6", "b"));
}

template <>
__attribute__((noinline)) inline int32_t multiply_pairs<2>(PairTile& tile, int32_t* sums) {
  DRAGONET_PAIRS("r3-r4", DRAGONET_PRODUCT("r3", "r8") DRAGONET_PRODUCT("r4", "r9"), " mov r8, lr\n mov r9, lr\n",
                 " mov r5, r8\n mov r6, r9\n asrs r3, r5, #16\n asrs r4, r6, #16\n"
                 " subs r5, r5, r2\n subs r6, r6, r2\n stmia r7!, {r3-r6}\n",
                 " ldmia r7!, {r3-r6}\n" DRAGONET_UPPER("r3", "r8") DRAGONET_UPPER("r4", "r9")
                 " add r5, r8\n add r6, r9\n subs r7, #16\n stmia r7!, {r3-r6}\n",
                 DRAGONET_OUTPUTS("0", "8", "1", "2", "f")
                 DRAGONET_ASIDES(DRAGONET_PAIR_ASIDE("1", "2", "b", "1", "2"),
                                 DRAGONET_PAIR_ASIDE("3", "4", "f", "4", "8"))
                 DRAGONET_LAST DRAGONET_OUTPUTS("4", "12", "3", "4", "b"));
}

// clang-format on

#undef DRAGONET_TAPS
#undef DRAGONET_PAIRS
#undef DRAGONET_PRODUCT
#undef DRAGONET_UPPER
#undef DRAGONET_OUTPUT
#undef DRAGONET_ASIDE
#undef DRAGONET_PAIR_ASIDE
#undef DRAGONET_ASIDES
#undef DRAGONET_OUTPUTS
#undef DRAGONET_NEXT
#undef DRAGONET_LAST

#else

/// Adds the products of a run's weights to sums; returns what follows them.
template <int pairs>
inline const uint8_t* add_run(const uint32_t*& words, const uint8_t* run, int32_t* sums) {
  const int length = longest_run - *run++ / (3 + 2 * pairs);
  for (int p = 0; p < pairs; ++p) {
    uint32_t sum = 0x8000;
    for (int tap = 0; tap < length; ++tap) sum += words[tap * pairs + p] * (uint32_t)(int32_t)(int8_t)run[tap];
    sums[p] += (int32_t)sum >> 16;
    sums[pairs + p] = (int32_t)((uint32_t)sums[pairs + p] + sum);
  }
  words += length * pairs;
  return run + length;
}

/// As the assembly, but all outputs of its first channel are in doubt.
template <int pairs>
inline int32_t multiply_pairs(PairTile& tile, int32_t* sums) {
  const uint32_t* words = tile.words;
  for (int p = 0; p < pairs; ++p) sums[p] = 0, sums[pairs + p] = -tile.estimates->begun;
  while (*tile.runs != end_of_runs) tile.runs = add_run<pairs>(words, tile.runs, sums);
  ++tile.runs, ++tile.estimates, ++tile.out;
  return (1 << (2 * pairs)) - 1;
}

#endif

/// The outputs of channel c that are in doubt. sums as multiply_pairs() leaves them; out: of the first pixel.
template <int pairs>
__attribute__((noinline)) inline void finish_doubtful(const Conv2DPairs& conv, const PairTile& tile, int c,
                                                      const int32_t* sums, int32_t in_doubt, int8_t* out) {
  for (int p = 0; p < pairs; ++p, in_doubt >>= 2, out += 2 * tile.step) {
    const int32_t upper = sums[p], lower = (int32_t)((uint32_t)sums[pairs + p] - ((uint32_t)upper << 16));
    int8_t* const second = out + (p + 1 < pairs ? tile.step : tile.last_step);
    if (in_doubt & 2 && second != out) *second = exactly_finished(conv.channels.exact, c, upper);
    if (in_doubt & 1) *out = exactly_finished(conv.channels.exact, c, lower);
  }
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: [taps, pairs]
/// words, then, where a window may reach beyond an edge, (2 * pairs - 1) * stride_width + kernel_width cells.
/// The last tile of a row overlaps the one before, if there is one; else the last pixel is twice in it, where out_width
/// is odd. pairs: no more than (out_width + 1) / 2.
template <int pairs>
inline void conv_2d_pairs_row(const Conv2DPairs& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  const int32_t channels = conv.out_channels, width = conv.out_width, last = width - 2 * pairs;
  const int32_t taps = (int32_t)conv.window.kernel_height * conv.window.kernel_width * conv.window.cell_bytes;
  uint32_t* const words = (uint32_t*)scratch;
  for (int32_t x = 0, left = width; left > 0; x += 2 * pairs, left -= 2 * pairs) {
    if (x > last && last >= 0) x = last;
    gather_pairs<pairs>(conv, in, y, x, (int8_t*)(words + taps * pairs), words);
    int8_t* const out = out_row + x * channels;
    PairTile tile = {words,
                     conv.runs,
                     conv.estimates,
                     out,
                     out + channels,
                     channels,
                     last < 0 ? 0 : channels,
                     conv.channels.doubt,
                     conv.channels.shift};
    int32_t sums[2 * pairs];
    while (tile.out != tile.out_end) {
      const int32_t in_doubt = multiply_pairs<pairs>(tile, sums);
      const int c = (int)(tile.out - out) - 1;
      if (in_doubt) finish_doubtful<pairs>(conv, tile, c, sums, in_doubt, out + c);
    }
  }
  clamp_row(conv.channels.exact.min, conv.channels.exact.max, out_row, width * channels);
}

}  // namespace dragonet
