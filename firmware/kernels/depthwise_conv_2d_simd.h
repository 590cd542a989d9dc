// Depthwise convolution with a window of 3 x 3 for a Cortex-M4, channel by channel. Each column of three values is read
// once, where it lies, and adds to the sums of all outputs that see it: its upper two values in one instruction. A row
// beyond the edge is one of zero points.
#pragma once

#include "kernels/rounding.h"
#include "kernels/simd.h"
#include "kernels/window.h"

namespace dragonet {

/// Of one channel. In halves of words, the first of two in the lower half.
struct DepthwiseWeights {
  uint32_t upper_two[3];  // of the left column, the middle one and the right one
  uint32_t lowest_two;    // of the left column and the middle one
  uint32_t lowest_right;  // and 0
};

struct DepthwiseSimd {
  Window window;  // 3 x 3, without dilation, stride_width 1 or 2, at most one column beyond the edge on either side
  const DepthwiseWeights* weights;  // [channels]
  RoundedChannels channels;
  int16_t out_width, channel_count;
};

/// All channels of one output row.
struct DepthwiseRow {
  const int8_t* top;             // of the rows under the window
  int32_t to_middle, to_bottom;  // from it to the other two, in bytes
  int32_t columns;               // of the input
  const DepthwiseWeights* weights;
  const Rounding* roundings;
  int8_t* out;
  int32_t out_width, channels;
  uint32_t beyond;           // a value beyond the edge, in both halves
  bool has_left, has_right;  // whether a column lies beyond it there
  int32_t *sums, *first;     // where they go, and that of the first output
};

#if DRAGONET_CORTEX_M4

// r0 the value, r1 to r3 the steps to the next column, to the middle row and to the lowest, r4 to r8 weights, r9 the
// sum that the column finishes, r10 the next one, r11 and lr the column, r12 sums. The upper half of r8 counts.
// A column at stride 1 takes 17 cycles.
// clang-format off
#define DRAGONET_COLUMN \
  " ldrsb r11, [r0]\n ldrsb lr, [r0, r2]\n pkhbt r11, r11, lr, lsl #16\n ldrsb lr, [r0, r3]\n add r0, r0, r1\n"
#define DRAGONET_BEYOND " ldr r11, %[beyond]\n mov lr, r11\n"
#define DRAGONET_LEFT(sum) " smuad " sum ", r11, r4\n smlabb " sum ", lr, r7, " sum "\n"
#define DRAGONET_MIDDLE(sum, from) " smlad " sum ", r11, r5, " from "\n smlabt " sum ", lr, r7, " sum "\n"
#define DRAGONET_RIGHT " smlad r9, r11, r6, r9\n smlabb r9, lr, r8, r9\n str r9, [r12], #4\n"
#define DRAGONET_NEXT_COLUMN " subs r8, r8, #65536\n bhs 2b\n"
#define DRAGONET_OUTPUT(sum, halves)                                                                            \
  " add " sum ", r10, " sum ", lsl #1\n" DRAGONET_ROUND(sum, "r2", "r3", "r12", halves) " strb " sum ", [r1]\n" \
  " add r1, r1, r5\n"

// Its sums, then its outputs: r0 sums, r1 out, r5 the step to the next output, r6 the end of the sums, r10 twice
// the bias. halves: as DRAGONET_ROUND takes them.
#define DRAGONET_CHANNELS(count, sums_of_a_channel, halves)                                                         \
  const int8_t* top = row.top;                                                                                      \
  const DepthwiseWeights* weights = row.weights;                                                                    \
  const Rounding* roundings = row.roundings;                                                                        \
  int8_t* out = row.out;                                                                                            \
  int32_t left = row.channels;                                                                                      \
  const int32_t channels = left, columns = ((count)-1) << 16, to_middle = row.to_middle, to_bottom = row.to_bottom; \
  const int32_t has_left = row.has_left, has_right = row.has_right;                                                 \
  const uint32_t beyond = row.beyond;                                                                               \
  int32_t* const sums = row.sums;                                                                                   \
  const int32_t *const first = row.first, *const end = first + row.out_width;                                       \
  __asm__ volatile(                                                                                                 \
      "1:\n ldr r0, %[weights]\n ldr r9, %[columns]\n ldmia r0!, {r4, r5, r6, r7, r8}\n str r0, %[weights]\n"       \
      " orr r8, r8, r9\n ldr r0, %[top]\n ldr r1, %[channels]\n ldr r2, %[to_middle]\n ldr r3, %[to_bottom]\n"      \
      " ldr r12, %[sums]\n add r9, r0, #1\n str r9, %[top]\n" sums_of_a_channel                                     \
      " ldr r4, %[roundings]\n ldr r0, %[first]\n ldr r5, %[channels]\n ldr r6, %[end]\n"                           \
      " ldmia r4!, {r1, r2, r3, r12}\n str r4, %[roundings]\n lsl r10, r1, #1\n ldr r1, %[out]\n add r4, r1, #1\n"  \
      " str r4, %[out]\n sub r4, r6, r0\n tst r4, #4\n beq 6f\n ldr r7, [r0], #4\n" DRAGONET_OUTPUT("r7", halves)   \
      ".balign 4\n6:\n ldr r7, [r0], #4\n ldr r8, [r0], #4\n"                                                       \
      DRAGONET_OUTPUT("r7", halves) DRAGONET_OUTPUT("r8", halves)                                                   \
      " cmp r0, r6\n bne 6b\n ldr r4, %[left]\n subs r4, r4, #1\n str r4, %[left]\n bne 1b\n"                       \
      : [top] "+m"(top), [weights] "+m"(weights), [roundings] "+m"(roundings), [out] "+m"(out), [left] "+m"(left)   \
      : [channels] "m"(channels), [columns] "m"(columns), [to_middle] "m"(to_middle), [to_bottom] "m"(to_bottom),   \
        [has_left] "m"(has_left), [has_right] "m"(has_right), [beyond] "m"(beyond), [sums] "m"(sums),               \
        [first] "m"(first), [end] "m"(end)                                                                          \
      : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory")

// Each column finishes the output whose last column it is.
#define DRAGONET_SLIDE(halves)                                                                           \
  DRAGONET_CHANNELS(row.columns,                                                                         \
      " movs r9, #0\n ldr r11, %[has_left]\n movs r10, #0\n cmp r11, #0\n beq 2f\n" DRAGONET_BEYOND      \
      DRAGONET_LEFT("r10")                                                                               \
      ".balign 4\n2:\n" DRAGONET_COLUMN DRAGONET_RIGHT DRAGONET_MIDDLE("r9", "r10") DRAGONET_LEFT("r10") \
      DRAGONET_NEXT_COLUMN DRAGONET_BEYOND DRAGONET_RIGHT, halves)
// Of each two columns the first is the middle of an output, and the second its last and the next one's first.
#define DRAGONET_STRIDE(halves)                                                                                 \
  DRAGONET_CHANNELS(row.out_width - row.has_right,                                                              \
      DRAGONET_BEYOND " ldr r9, %[has_left]\n cmp r9, #0\n bne 3f\n" DRAGONET_COLUMN "3:\n" DRAGONET_LEFT("r9") \
      ".balign 4\n2:\n" DRAGONET_COLUMN DRAGONET_MIDDLE("r9", "r9") DRAGONET_COLUMN DRAGONET_RIGHT              \
      DRAGONET_LEFT("r9") DRAGONET_NEXT_COLUMN                                                                  \
      " ldr r11, %[has_right]\n cmp r11, #0\n beq 4f\n" DRAGONET_COLUMN DRAGONET_MIDDLE("r9", "r9")             \
      DRAGONET_BEYOND DRAGONET_RIGHT "4:\n", halves)

/// Stride 1, and 2. is_rectified: outputs below the zero point are clamped to it.
template <bool is_rectified>
void slide_simd_row(const DepthwiseRow& row);
template <bool is_rectified>
void stride_simd_row(const DepthwiseRow& row);
template <>
__attribute__((noinline)) inline void slide_simd_row<false>(const DepthwiseRow& row) {
  DRAGONET_SLIDE(DRAGONET_HALVES_AWAY);
}
template <>
__attribute__((noinline)) inline void slide_simd_row<true>(const DepthwiseRow& row) {
  DRAGONET_SLIDE(DRAGONET_HALVES_UP);
}
template <>
__attribute__((noinline)) inline void stride_simd_row<false>(const DepthwiseRow& row) {
  DRAGONET_STRIDE(DRAGONET_HALVES_AWAY);
}
template <>
__attribute__((noinline)) inline void stride_simd_row<true>(const DepthwiseRow& row) {
  DRAGONET_STRIDE(DRAGONET_HALVES_UP);
}
// clang-format on

#undef DRAGONET_COLUMN
#undef DRAGONET_BEYOND
#undef DRAGONET_LEFT
#undef DRAGONET_MIDDLE
#undef DRAGONET_RIGHT
#undef DRAGONET_NEXT_COLUMN
#undef DRAGONET_OUTPUT
#undef DRAGONET_CHANNELS
#undef DRAGONET_SLIDE
#undef DRAGONET_STRIDE

#else

/// Three values of a column.
struct Column {
  uint32_t upper_two, lowest;  // in halves
};

inline Column column_at(const DepthwiseRow& row, int32_t channel, int32_t column) {
  const Column outside = {row.beyond, row.beyond};
  if (column < 0 || column >= row.columns) return outside;
  const int8_t* const at = row.top + column * row.channels + channel;
  const Column inside = {two_halves((uint32_t)(int32_t)at[0], (uint32_t)(int32_t)at[row.to_middle]),
                         (uint32_t)(int32_t)at[row.to_bottom]};
  return inside;
}

/// What the column adds, as that under part `kx` of the window.
inline int32_t add_column(const Column& column, const DepthwiseWeights& weights, int kx, int32_t sum) {
  const uint32_t lowest = kx == 0 ? weights.lowest_two : kx == 1 ? weights.lowest_two >> 16 : weights.lowest_right;
  return multiply_halves(column.lowest & 0xffff, lowest & 0xffff,
                         multiply_halves(column.upper_two, weights.upper_two[kx], sum));
}

inline void depthwise_row(const DepthwiseRow& row, int stride) {
  for (int32_t c = 0; c < row.channels; ++c)
    for (int32_t x = 0; x < row.out_width; ++x) {
      int32_t sum = 0;
      for (int kx = 0; kx < 3; ++kx)
        sum = add_column(column_at(row, c, x * stride + kx - row.has_left), row.weights[c], kx, sum);
      row.out[x * row.channels + c] = rounded(row.roundings[c], sum);
    }
}
template <bool is_rectified>
inline void slide_simd_row(const DepthwiseRow& row) {
  depthwise_row(row, 1);
}
template <bool is_rectified>
inline void stride_simd_row(const DepthwiseRow& row) {
  depthwise_row(row, 2);
}

#endif

/// Output row y. in: rows of [in_width, channels], out_row [out_width, channels]; scratch: in_width + 4 sums, and a row
/// of the input where one may lie beyond the edge. is_rectified: channels.min is not below the output's zero point.
template <bool is_rectified>
inline void depthwise_simd_row(const DepthwiseSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  const Window& window = conv.window;
  const int8_t* rows[3];
  find_three_rows(window, in, y, scratch + 4 * (window.in_width + 4), rows);
  const bool has_left = window.pad_left, slides = window.stride_width == 1;
  const bool has_right = sees_right_edge(window, conv.out_width);
  // At stride 1 the first column finishes an output that would lie two places before the first, or one.
  int32_t* const sums = (int32_t*)scratch;
  const DepthwiseRow row = {
      rows[0],
      (int32_t)(rows[1] - rows[0]),
      (int32_t)(rows[2] - rows[0]),
      window.in_width,
      conv.weights,
      conv.channels.roundings,
      out_row,
      conv.out_width,
      conv.channel_count,
      two_halves((uint32_t)(int32_t)window.in_zero_point, (uint32_t)(int32_t)window.in_zero_point),
      has_left,
      has_right,
      slides ? sums + has_left : sums,
      slides ? sums + 2 : sums};
  if (slides)
    slide_simd_row<is_rectified>(row);
  else
    stride_simd_row<is_rectified>(row);
  clamp_row(conv.channels.min, conv.channels.max, out_row, conv.out_width * conv.channel_count);
}

}  // namespace dragonet
