// Depthwise convolution with a window of 3 x 3, channel by channel. Each column of three values is read once, where it
// lies, and adds to the sums of all outputs that see it. A row beyond the edge is one of zero points.
#pragma once

#include "kernels/estimate.h"
#include "kernels/window.h"

namespace dragonet {

struct DepthwiseColumns {
  Window window;           // 3 x 3, without dilation, stride_width 1 or 2, pad_left 0 or 1
  const int32_t* weights;  // [channels, 3 rows, 3 columns from right to left]
  EstimatedChannels channels;
  int16_t out_width, channel_count;
};

/// What slide_columns() goes along.
struct Columns {
  const int8_t* rows[3];   // at the first column
  const int32_t* weights;  // [3, 3] of the channel
  int32_t step, end;       // from column to column, and from the first to behind the last, in values
  int32_t* sums;
  int32_t before;  // what the column in front adds to the first sum
};

/// What a column of `value` adds through the weights that see it `place` columns from the right.
inline int32_t flat_column(const int32_t* weights, int place, int32_t value) {
  return value * (weights[place] + weights[3 + place] + weights[6 + place]);
}

#if DRAGONET_CORTEX_M0

// GCC needs half as many cycles again: it spills the weights. r0 to r2 rows, r3 weights, r7 the column, r6 the sum that
// is finished with it, r9 the next one, r10 the one after; r8 step, r11 sums, r12 end.
#define DRAGONET_COLUMNS_BEGIN                                                           \
  ".syntax unified\n ldr r4, [r0, #16]\n mov r8, r4\n ldr r4, [r0, #20]\n mov r12, r4\n" \
  " ldr r4, [r0, #24]\n mov r11, r4\n ldr r4, [r0, #28]\n ldm r0, {r0-r3}\n movs r7, #0\n"
#define DRAGONET_TIMES(place, sum) " ldr r5, [r3, #" #place "]\n muls r5, r4, r5\n " sum ", r5\n"
#define DRAGONET_COLUMNS_STORE " mov r4, r11\n stmia r4!, {r6}\n mov r11, r4\n"

/// Stride 1. Each column finishes the output whose last column it is. sums: of the outputs from the one that the first
/// column finishes to the one that the last column begins, [columns + 2].
__attribute__((noinline)) inline void slide_columns(const Columns& columns) {
  register const Columns* r0 __asm__("r0") = &columns;
  __asm__ volatile(DRAGONET_COLUMNS_BEGIN
                   " mov r9, r4\n movs r6, #0\n"
                   "1:\n"
                   " ldrsb r4, [r0, r7]\n" DRAGONET_TIMES(0, "adds r6, r6") DRAGONET_TIMES(4, "add r9")
                       DRAGONET_TIMES(8, "mov r10") " ldrsb r4, [r1, r7]\n" DRAGONET_TIMES(12, "adds r6, r6")
                           DRAGONET_TIMES(16, "add r9")
                               DRAGONET_TIMES(20, "add r10") " ldrsb r4, [r2, r7]\n" DRAGONET_TIMES(24, "adds r6, r6")
                                   DRAGONET_TIMES(28, "add r9") DRAGONET_TIMES(32, "add r10") DRAGONET_COLUMNS_STORE
                   " mov r6, r9\n mov r9, r10\n add r7, r8\n cmp r7, r12\n bne 1b\n"
                   " mov r5, r9\n stmia r4!, {r6}\n stmia r4!, {r5}\n"
                   : "+r"(r0)
                   :
                   : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}

/// Stride 2. Of each two columns the first is the middle of an output, and the second its last and the next one's
/// first. sums: of the outputs of which they are, and one that the last column begins, [columns / 2 + 1].
__attribute__((noinline)) inline void stride_columns(const Columns& columns) {
  register const Columns* r0 __asm__("r0") = &columns;
  __asm__ volatile(DRAGONET_COLUMNS_BEGIN
                   " movs r6, r4\n cmp r7, r12\n beq 2f\n"
                   "1:\n"
                   " ldrsb r4, [r0, r7]\n" DRAGONET_TIMES(4, "adds r6, r6")
                   " ldrsb r4, [r1, r7]\n" DRAGONET_TIMES(16, "adds r6, r6")
                   " ldrsb r4, [r2, r7]\n" DRAGONET_TIMES(28, "adds r6, r6")
                   " add r7, r8\n"
                   " ldrsb r4, [r0, r7]\n" DRAGONET_TIMES(0, "adds r6, r6") DRAGONET_TIMES(8, "mov r9")
                   " ldrsb r4, [r1, r7]\n" DRAGONET_TIMES(12, "adds r6, r6") DRAGONET_TIMES(20, "add r9")
                   " ldrsb r4, [r2, r7]\n" DRAGONET_TIMES(24, "adds r6, r6") DRAGONET_TIMES(32, "add r9")
                       DRAGONET_COLUMNS_STORE
                   " mov r6, r9\n add r7, r8\n cmp r7, r12\n bne 1b\n"
                   "2:\n mov r4, r11\n str r6, [r4]\n"
                   : "+r"(r0)
                   :
                   : "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}

#else

/// What a column adds through the weights that see it `place` columns from the right.
inline int32_t column_at(const Columns& of, int32_t at, int place) {
  return of.rows[0][at] * of.weights[place] + of.rows[1][at] * of.weights[3 + place] +
         of.rows[2][at] * of.weights[6 + place];
}

inline void slide_columns(const Columns& columns) {
  const int32_t w0 = columns.weights[0], w1 = columns.weights[1], w2 = columns.weights[2], w3 = columns.weights[3],
                w4 = columns.weights[4], w5 = columns.weights[5], w6 = columns.weights[6], w7 = columns.weights[7],
                w8 = columns.weights[8];
  const int8_t *a = columns.rows[0], *b = columns.rows[1], *c = columns.rows[2];
  int32_t finished = 0, next = columns.before, *sums = columns.sums;
  for (int32_t at = 0; at != columns.end; at += columns.step) {
    const int32_t top = a[at], middle = b[at], bottom = c[at];
    *sums++ = finished + top * w0 + middle * w3 + bottom * w6;
    finished = next + top * w1 + middle * w4 + bottom * w7;
    next = top * w2 + middle * w5 + bottom * w8;
  }
  sums[0] = finished, sums[1] = next;
}

inline void stride_columns(const Columns& columns) {
  int32_t sum = columns.before, *sums = columns.sums;
  for (int32_t at = 0; at != columns.end; at += 2 * columns.step) {
    const int32_t last = at + columns.step;
    *sums++ = sum + column_at(columns, at, 1) + column_at(columns, last, 0);
    sum = column_at(columns, last, 2);
  }
  *sums = sum;
}

#endif

/// The sums of a row's outputs at sums[2], [out_width]. rows: of the input, at the channel.
inline void slide_row(const DepthwiseColumns& conv, const int8_t* const rows[3], const int32_t* weights,
                      int32_t* sums) {
  const int32_t step = conv.channel_count, zero = conv.window.in_zero_point, width = conv.window.in_width;
  const Columns columns = {{rows[0], rows[1], rows[2]},
                           weights,
                           step,
                           width * step,
                           sums + conv.window.pad_left,
                           conv.window.pad_left ? flat_column(weights, 2, zero) : 0};
  slide_columns(columns);
  sums[width + conv.window.pad_left] += flat_column(weights, 0, zero);
}

inline void stride_row(const DepthwiseColumns& conv, const int8_t* const rows[3], const int32_t* weights,
                       int32_t* sums) {
  const int32_t step = conv.channel_count, zero = conv.window.in_zero_point, width = conv.window.in_width;
  const int32_t first = 1 - conv.window.pad_left;  // the middle of output 0
  int32_t before = flat_column(weights, 2, zero);
  if (first) before = rows[0][0] * weights[2] + rows[1][0] * weights[5] + rows[2][0] * weights[8];
  const int32_t pairs = (width - first) / 2, whole = pairs < conv.out_width ? pairs : conv.out_width;
  const Columns columns = {{rows[0] + first * step, rows[1] + first * step, rows[2] + first * step},
                           weights,
                           step,
                           2 * whole * step,
                           sums + 2,
                           before};
  stride_columns(columns);
  if (whole == conv.out_width) return;
  // The last output sees one column less, or two.
  const int32_t middle = first + 2 * whole, at = middle * step;
  int32_t* const last = sums + 2 + whole;
  *last += flat_column(weights, 0, zero);
  *last += middle < width ? rows[0][at] * weights[1] + rows[1][at] * weights[4] + rows[2][at] * weights[7]
                          : flat_column(weights, 1, zero);
}

/// Output row y. in: rows of [in_width, channels], out_row [out_width, channels]; scratch: in_width + 4 sums, and a row
/// of the input where one may lie beyond the edge.
inline void depthwise_columns_row(const DepthwiseColumns& conv, const RowsIn& in, int y, int8_t* out_row,
                                  int8_t* scratch) {
  int32_t* const sums = (int32_t*)scratch;
  const int8_t* rows[3];
  find_three_rows(conv.window, in, y, scratch + 4 * (conv.window.in_width + 4), rows);
  const int32_t* weights = conv.weights;
  for (int c = 0; c < conv.channel_count; ++c, weights += 9, ++rows[0], ++rows[1], ++rows[2]) {
    if (conv.window.stride_width == 1)
      slide_row(conv, rows, weights, sums);
    else
      stride_row(conv, rows, weights, sums);
    finish_channel(conv.channels, c, sums + 2, conv.out_width, out_row + c, conv.channel_count);
  }
  clamp_row(conv.channels.exact.min, conv.channels.exact.max, out_row, conv.out_width * conv.channel_count);
}

}  // namespace dragonet
