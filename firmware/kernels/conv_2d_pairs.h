// Convolution of several pixels of a row at once, for a Cortex-M0+: patches of pairs of pixels are gathered in words
// (pairs.h), and each output channel's weights go through them once.
#pragma once

#include "kernels/estimate.h"
#include "kernels/pairs.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DPairs {
  Window window;
  const int8_t* weights;  // [out_channels, kernel_height, kernel_width, in_channels]
  const uint8_t* runs;    // of each channel (pairs.h)
  EstimatedChannels channels;
  int16_t out_width, out_channels;
};

/// Two runs of values that are paired, value by value; a step of 0 reads one again and again.
struct Halves {
  const int8_t *low, *high;
  int8_t low_step, high_step;
};

/// The upper 8 bits of a word with their sign.
inline uint32_t top_byte(uint32_t word) { return (uint32_t)((int32_t)word >> 24); }

/// words: [count, pairs], of which this is pair 0. Four values at once: both are read as words.
template <int pairs>
inline void pair_words(const uint32_t* low, const uint32_t* high, uint32_t count, uint32_t* words) {
  for (const uint32_t* const end = low + count / 4; low != end; words += 4 * pairs) {
    const uint32_t a = *low++, b = *high++;
    words[0] = top_byte(a << 24) + (top_byte(b << 24) << 16);
    words[pairs] = top_byte(a << 16) + (top_byte(b << 16) << 16);
    words[2 * pairs] = top_byte(a << 8) + (top_byte(b << 8) << 16);
    words[3 * pairs] = top_byte(a) + (top_byte(b) << 16);
  }
}

template <int pairs>
inline void pair_values(const Halves& halves, uint32_t count, uint32_t* words) {
  const int8_t *low = halves.low, *high = halves.high;
  if (halves.low_step && halves.high_step && (((uintptr_t)low | (uintptr_t)high | count) & 3) == 0)
    return pair_words<pairs>((const uint32_t*)low, (const uint32_t*)high, count, words);
  for (uint32_t* const end = words + count * pairs; words != end; words += pairs) {
    *words = (uint32_t)(int32_t)*low + ((uint32_t)(int32_t)*high << 16);
    low += halves.low_step, high += halves.high_step;
  }
}

/// One row of the windows whose left columns are low and high: words [kernel_width, cell_bytes, pairs]. row: 0 beyond
/// the edge.
template <int pairs>
inline void pair_window_row(const Window& window, const int8_t* row, int low, int high, uint32_t* words) {
  const int reach = (window.kernel_width - 1) * window.dilation_width;
  const uint32_t cell = window.cell_bytes;
  if (row && window.dilation_width == 1 && low >= 0 && high + reach < window.in_width) {
    const Halves whole = {row + (uint32_t)low * cell, row + (uint32_t)high * cell, 1, 1};
    return pair_values<pairs>(whole, window.kernel_width * cell, words);
  }
  for (int kx = 0; kx < window.kernel_width; ++kx, words += cell * pairs) {
    const bool low_is_inside = row && low >= 0 && low < window.in_width;
    const bool high_is_inside = row && high >= 0 && high < window.in_width;
    const Halves halves = {low_is_inside ? row + (uint32_t)low * cell : &window.in_zero_point,
                           high_is_inside ? row + (uint32_t)high * cell : &window.in_zero_point, low_is_inside,
                           high_is_inside};
    pair_values<pairs>(halves, cell, words);
    low += window.dilation_width, high += window.dilation_width;
  }
}

/// The patches of output pixels x to x + 2 * pairs - 1 of row y, of which pixel i is paired with pixel i + pairs. Those
/// beyond the row are as the last one. words: [kernel_height, kernel_width, cell_bytes, pairs].
template <int pairs>
inline void gather_pairs(const Window& window, int out_width, const RowsIn& in, int y, int x, uint32_t* words) {
  const int last = out_width - 1;
  for (int ky = 0, in_y = y * window.stride_height - window.pad_top; ky < window.kernel_height;
       ++ky, in_y += window.dilation_height) {
    const int8_t* const row = in_y >= 0 && in_y < window.in_height ? in.row(in_y) : 0;
    for (int p = 0; p < pairs; ++p) {
      const int low = x + p < last ? x + p : last, high = x + p + pairs < last ? x + p + pairs : last;
      pair_window_row<pairs>(window, row, low * window.stride_width - window.pad_left,
                             high * window.stride_width - window.pad_left, words + p);
    }
    words += (uint32_t)window.kernel_width * window.cell_bytes * pairs;
  }
}

/// The sums of one channel's products with 2 * pairs patches, in the pixels' order.
template <int pairs>
inline RunPosition multiply_pairs(const uint32_t* words, const RunPosition& at, int32_t* sums) {
  const int32_t begun = run_count(at.runs) << 15;
  for (int p = 0; p < pairs; ++p) sums[p] = -begun, sums[pairs + p] = 0;
  const RunPosition next = PairProducts<pairs>::add(words, at.weights, at.runs + 2, sums);
  for (int p = 0; p < pairs; ++p) sums[p] = (int32_t)((uint32_t)sums[p] - ((uint32_t)sums[pairs + p] << 16));
  return next;
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch [taps, pairs] words.
template <int pairs>
inline void conv_2d_pairs_row(const Conv2DPairs& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  uint32_t* const words = (uint32_t*)scratch;
  for (int x = 0; x < conv.out_width; x += 2 * pairs) {
    gather_pairs<pairs>(conv.window, conv.out_width, in, y, x, words);
    const int pixels = conv.out_width - x < 2 * pairs ? conv.out_width - x : 2 * pairs;
    RunPosition at = {conv.weights, conv.runs};
    for (int c = 0; c < conv.out_channels; ++c) {
      int32_t sums[2 * pairs];
      at = multiply_pairs<pairs>(words, at, sums);
      finish_channel(conv.channels, c, sums, pixels, out_row + x * conv.out_channels + c, conv.out_channels);
    }
  }
}

}  // namespace dragonet
