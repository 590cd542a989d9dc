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
  const uint8_t* runs;    // of each channel, as multiply_runs takes them
  EstimatedChannels channels;
  int16_t out_width, out_channels;
};

/// A cell, or one of the zero point that is read again and again.
struct Cell {
  const int8_t* values;
  uint32_t step;
};

inline Cell cell_at(const Window& window, const int8_t* row, int x) {
  const bool is_inside = row && x >= 0 && x < window.in_width;
  const Cell cell = {is_inside ? row + (uint32_t)x * window.cell_bytes : &window.in_zero_point, is_inside};
  return cell;
}

/// words: [cell_bytes, pairs], of which this is pair 0.
template <int pairs>
inline void pair_cells(const Cell& lower, const Cell& upper, uint32_t count, uint32_t* words) {
  const int8_t *low = lower.values, *high = upper.values;
  for (uint32_t* const end = words + count * pairs; words != end; words += pairs) {
    *words = (uint32_t)(int32_t)*low + ((uint32_t)(int32_t)*high << 16);
    low += lower.step, high += upper.step;
  }
}

/// The patches of output pixels x to x + 2 * pairs - 1 of row y, of which pixel i is paired with pixel i + pairs. Those
/// beyond the row are as the last one. words: [kernel_height, kernel_width, cell_bytes, pairs].
template <int pairs>
inline void gather_pairs(const Window& window, int out_width, const RowsIn& in, int y, int x, uint32_t* words) {
  const int top = y * window.stride_height - window.pad_top;
  for (int ky = 0, in_y = top; ky < window.kernel_height; ++ky, in_y += window.dilation_height) {
    const int8_t* const row = in_y >= 0 && in_y < window.in_height ? in.row(in_y) : 0;
    for (int kx = 0; kx < window.kernel_width; ++kx) {
      const int left = kx * window.dilation_width - window.pad_left;
      for (int p = 0; p < pairs; ++p) {
        const int low = x + p, high = x + p + pairs, last = out_width - 1;
        pair_cells<pairs>(cell_at(window, row, (low < last ? low : last) * window.stride_width + left),
                          cell_at(window, row, (high < last ? high : last) * window.stride_width + left),
                          window.cell_bytes, words + p);
      }
      words += (uint32_t)window.cell_bytes * pairs;
    }
  }
}

/// The sums of one channel's products with 2 * pairs patches, in the pixels' order.
template <int pairs>
inline RunPosition multiply_pairs(const uint32_t* words, const RunPosition& at, int32_t* sums) {
  const uint32_t begun = (uint32_t)run_count(at.runs) << 15;
  int32_t halves[2 * pairs];  // upper halves, totals
  for (int p = 0; p < pairs; ++p) halves[p] = 0, halves[pairs + p] = -(int32_t)begun;
  const RunPosition next = PairProducts<pairs>::add(words, at.weights, at.runs + 2, halves);
  for (int p = 0; p < pairs; ++p) {
    sums[p] = (int32_t)((uint32_t)halves[pairs + p] - ((uint32_t)halves[p] << 16));
    sums[pairs + p] = halves[p];
  }
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
