// Depthwise convolution with a window of 3 x 3 for a Cortex-M0+, channel by channel. Each column of three values is
// read once, where it lies, and adds to the sums of all outputs that see it. A row beyond the edge is one of zero
// points.
#pragma once

#include "kernels/assembly.h"
#include "kernels/estimate.h"
#include "kernels/window.h"

namespace dragonet {

/// Of one channel.
struct ColumnWeights {
  int32_t left_edge, right_edge;  // what a column beyond the edge adds there; 0 where none is seen
  int32_t rows[3][3];             // from the right column to the left
};

struct DepthwiseColumns {
  Window window;  // 3 x 3, without dilation, stride_width 1 or 2, at most one column beyond the edge on either side
  const ColumnWeights* weights;  // [channels]
  EstimatedChannels channels;
  int16_t out_width, channel_count;
};

/// Where work on an output row stands.
struct ColumnsRow {
  const ColumnWeights* weights;  // of the next channel whose sums are made
  const Estimate* estimates;     // of the channel
  int32_t channel;
  const int32_t* at;  // the sum of the next output, if those of the channel are made; else 0
  int8_t* out;        // of that output
  // What does not change.
  const int8_t* rows[3];  // under the window
  int8_t* out_row;
  int32_t *sums, *first, *end;  // of all columns, and of the outputs
  int32_t columns, channels;
  bool has_left, has_right;  // whether a column lies beyond the edge there
  uint32_t doubt;            // of EstimatedChannels
  int32_t shift;
};

#if DRAGONET_CORTEX_M0

// Sums of a channel: r0 to r2 rows, r3 weights, r7 the
// column, r6 the sum that is finished with it, r9 the next one, r10 the one after; r8 step, r11 sums, r12 end, lr what
// lies beyond the right edge. A column takes 52 cycles. Then its outputs: r0 sums, r1 out, r2 a sum, r4 multiplier, r5
// shift, r8 low, r9 high, r10 offset, r11 doubt, r12 step, lr end. One takes 19, or 14 where it is -128.
// clang-format off
#define DRAGONET_TIMES(place, sum) " ldr r5, [r3, #" #place "]\n muls r5, r4, r5\n " sum ", r5\n"
#define DRAGONET_SUM(place) DRAGONET_TIMES(place, "adds r6, r6")
#define DRAGONET_NEXT(place) DRAGONET_TIMES(place, "add r9")
#define DRAGONET_THIRD(place) DRAGONET_TIMES(place, "add r10")
#define DRAGONET_TOP " ldrsb r4, [r0, r7]\n"
#define DRAGONET_MIDDLE " ldrsb r4, [r1, r7]\n"
#define DRAGONET_BOTTOM " ldrsb r4, [r2, r7]\n"
#define DRAGONET_STORE " mov r4, r11\n stmia r4!, {r6}\n mov r11, r4\n"
#define DRAGONET_CHANNELS(last_column, sums_of_a_channel)                                                 \
  const int8_t *const top = row.rows[0], *const middle = row.rows[1], *const bottom = row.rows[2];        \
  const ColumnWeights* weights = row.weights;                                                             \
  const Estimate* estimates = row.estimates;                                                              \
  register int8_t* r1 __asm__("r1") = row.out;                                                            \
  register const int32_t* r0 __asm__("r0") = row.at;                                                      \
  int32_t channel = row.channel;                                                                          \
  int32_t* const sums = row.sums;                                                                         \
  const int32_t *const first = row.first, *const end = row.end;                                           \
  const int32_t channels = row.channels, span = (last_column) * channels;                                 \
  const int32_t has_left = row.has_left, has_right = row.has_right, shift = row.shift;                    \
  const uint32_t doubt = row.doubt;                                                                       \
  int8_t* out = row.out_row + channel;                                                                    \
  __asm__ volatile(                                                                                       \
      ".syntax unified\n cmp r0, #0\n beq 1f\n b 5f\n"                                                    \
      "1:\n ldr r3, %[weights]\n ldmia r3!, {r4, r6}\n mov lr, r6\n movs r6, r4\n"                        \
      " ldr r0, %[top]\n ldr r1, %[middle]\n ldr r2, %[bottom]\n ldr r7, %[channel]\n"                    \
      " ldr r5, %[channels]\n mov r8, r5\n ldr r5, %[span]\n adds r5, r5, r7\n mov r12, r5\n"             \
      " ldr r5, %[sums]\n mov r11, r5\n" sums_of_a_channel                                                \
      " adds r3, #36\n str r3, %[weights]\n ldr r1, %[out]\n ldr r0, %[first]\n"                          \
      "5:\n ldr r2, %[estimates]\n ldmia r2!, {r3, r4, r6, r7}\n mov r8, r3\n mov r9, r4\n"               \
      " mov r10, r7\n movs r4, r6\n ldr r5, %[shift]\n ldr r6, %[doubt]\n mov r11, r6\n"                  \
      " ldr r6, %[channels]\n mov r12, r6\n ldr r6, %[end]\n mov lr, r6\n"                                \
      "6:\n ldmia r0!, {r2}\n cmp r2, r8\n blt 7f\n cmp r2, r9\n bgt 8f\n asrs r2, r5\n"                  \
      " muls r2, r4, r2\n add r2, r10\n lsls r3, r2, #9\n cmp r3, r11\n bcc 3f\n asrs r2, r2, #23\n"      \
      "4:\n strb r2, [r1]\n add r1, r12\n cmp r0, lr\n bne 6b\n"                                          \
      " ldr r2, %[estimates]\n adds r2, #16\n str r2, %[estimates]\n ldr r2, %[out]\n adds r2, #1\n"      \
      " str r2, %[out]\n ldr r2, %[channel]\n adds r2, #1\n str r2, %[channel]\n movs r0, #0\n"           \
      " cmp r2, r12\n beq 2f\n b 1b\n"                                                                    \
      "7:\n movs r2, #128\n b 4b\n"                                                                       \
      "8:\n movs r2, #127\n b 4b\n"                                                                       \
      "3:\n subs r0, #4\n"                                                                                \
      "2:\n"                                                                                              \
      : "+r"(r0), "+r"(r1), [weights] "+m"(weights), [estimates] "+m"(estimates), [out] "+m"(out),        \
        [channel] "+m"(channel)                                                                           \
      : [top] "m"(top), [middle] "m"(middle), [bottom] "m"(bottom), [sums] "m"(sums), [first] "m"(first), \
        [end] "m"(end), [channels] "m"(channels), [span] "m"(span), [has_left] "m"(has_left),             \
        [has_right] "m"(has_right), [shift] "m"(shift), [doubt] "m"(doubt)                                \
      : "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");       \
  row.weights = weights, row.estimates = estimates, row.out = r1, row.at = r0, row.channel = channel

/// Stride 1. Each column finishes the output whose last column it is. Goes on to the first output that is in
/// doubt, or to the end, where channel == channels.
__attribute__((noinline)) inline void slide_columns(ColumnsRow& row) {
  DRAGONET_CHANNELS(row.columns,
      " mov r9, r6\n movs r6, #0\n"
      "9:\n" DRAGONET_TOP DRAGONET_SUM(0) DRAGONET_NEXT(4) DRAGONET_TIMES(8, "mov r10")
      DRAGONET_MIDDLE DRAGONET_SUM(12) DRAGONET_NEXT(16) DRAGONET_THIRD(20)
      DRAGONET_BOTTOM DRAGONET_SUM(24) DRAGONET_NEXT(28) DRAGONET_THIRD(32)
      DRAGONET_STORE " mov r6, r9\n mov r9, r10\n add r7, r8\n cmp r7, r12\n bne 9b\n"
      " add r6, lr\n" DRAGONET_STORE);
}

/// Stride 2. Of each two columns the first is the middle of an output, and the second its last and the next
/// one's first.
__attribute__((noinline)) inline void stride_columns(ColumnsRow& row) {
  DRAGONET_CHANNELS(!row.has_left + 2 * ((int32_t)(row.end - row.first) - row.has_right),
      " ldr r5, %[has_left]\n cmp r5, #0\n bne 9f\n"
      DRAGONET_TOP DRAGONET_TIMES(8, "movs r6") DRAGONET_MIDDLE DRAGONET_SUM(20) DRAGONET_BOTTOM DRAGONET_SUM(32)
      " add r7, r8\n"
      "9:\n" DRAGONET_TOP DRAGONET_SUM(4) DRAGONET_MIDDLE DRAGONET_SUM(16) DRAGONET_BOTTOM DRAGONET_SUM(28)
      " add r7, r8\n"
      DRAGONET_TOP DRAGONET_SUM(0) DRAGONET_TIMES(8, "mov r9")
      DRAGONET_MIDDLE DRAGONET_SUM(12) DRAGONET_NEXT(20) DRAGONET_BOTTOM DRAGONET_SUM(24) DRAGONET_NEXT(32)
      DRAGONET_STORE " mov r6, r9\n add r7, r8\n cmp r7, r12\n bne 9b\n"
      " ldr r5, %[has_right]\n cmp r5, #0\n beq 9f\n"
      DRAGONET_TOP DRAGONET_SUM(4) DRAGONET_MIDDLE DRAGONET_SUM(16) DRAGONET_BOTTOM DRAGONET_SUM(28)
      " add r6, lr\n" DRAGONET_STORE
      "9:\n");
}
// clang-format on

#undef DRAGONET_TIMES
#undef DRAGONET_SUM
#undef DRAGONET_NEXT
#undef DRAGONET_THIRD
#undef DRAGONET_TOP
#undef DRAGONET_MIDDLE
#undef DRAGONET_BOTTOM
#undef DRAGONET_STORE
#undef DRAGONET_CHANNELS

#else

/// What the channel's values in a column add, as that under part kx of the window.
inline int32_t column_sum(const ColumnsRow& row, int32_t column, int kx) {
  if (column < 0) return row.weights->left_edge;
  if (column >= row.columns) return row.weights->right_edge;
  int32_t sum = 0;
  for (int ky = 0; ky < 3; ++ky)
    sum += row.rows[ky][column * row.channels + row.channel] * row.weights->rows[ky][2 - kx];
  return sum;
}

/// As the assembly, but all outputs are in doubt.
inline void make_sums(ColumnsRow& row, int stride) {
  if (row.at) return;
  int32_t column = -row.has_left;
  for (int32_t* sum = row.first; sum != row.end; ++sum, column += stride)
    *sum = column_sum(row, column, 0) + column_sum(row, column + 1, 1) + column_sum(row, column + 2, 2);
  ++row.weights;
  row.at = row.first, row.out = row.out_row + row.channel;
}
inline void slide_columns(ColumnsRow& row) { make_sums(row, 1); }
inline void stride_columns(ColumnsRow& row) { make_sums(row, 2); }

#endif

/// The output that is in doubt.
__attribute__((noinline)) inline void finish_doubtful(const EstimatedChannels& channels, ColumnsRow& row) {
  *row.out = exactly_finished(channels.exact, row.channel, *row.at);
  row.out += row.channels;
  if (++row.at == row.end) row.at = 0, ++row.channel, ++row.estimates;
}

/// Output row y. in: rows of [in_width, channels], out_row [out_width, channels]; scratch: in_width + 4 sums, and a row
/// of the input where one may lie beyond the edge.
inline void depthwise_columns_row(const DepthwiseColumns& conv, const RowsIn& in, int y, int8_t* out_row,
                                  int8_t* scratch) {
  const Window& window = conv.window;
  const int32_t channels = conv.channel_count;
  const bool slides = window.stride_width == 1, has_left = window.pad_left;
  const bool has_right = sees_right_edge(window, conv.out_width);
  // At stride 1 the first column finishes an output that would lie two places before the first, or one.
  int32_t *const sums = (int32_t*)scratch, *const first = sums + (slides ? 2 : 0);
  ColumnsRow row = {conv.weights,
                    conv.channels.estimates,
                    0,
                    0,
                    0,
                    {0, 0, 0},
                    out_row,
                    slides ? sums + has_left : sums,
                    first,
                    first + conv.out_width,
                    window.in_width,
                    channels,
                    has_left,
                    has_right,
                    conv.channels.doubt,
                    conv.channels.shift};
  find_three_rows(window, in, y, scratch + 4 * (window.in_width + 4), row.rows);
  while (row.channel < channels) {
    if (slides)
      slide_columns(row);
    else
      stride_columns(row);
    if (row.at) finish_doubtful(conv.channels, row);
  }
  clamp_row(conv.channels.exact.min, conv.channels.exact.max, out_row, conv.out_width * channels);
}

}  // namespace dragonet
