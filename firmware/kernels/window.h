// A window that slides over an image, and the cells under it gathered into one contiguous patch, so that the inner
// loops of convolutions know nothing of edges, strides and dilation.
#pragma once

#include <string.h>

#include "kernels/rows.h"

namespace dragonet {

struct Window {
  int16_t in_height, in_width;  // cells
  uint16_t cell_bytes;          // of a cell, which is one pixel with all its channels
  uint8_t kernel_height, kernel_width, stride_height, stride_width, dilation_height,
      dilation_width;         // cells, 1 or more
  uint8_t pad_top, pad_left;  // cells
  int8_t in_zero_point;       // what the window sees beyond the edge, where a real 0 is; 0 for int16 and float
};

/// Copies the cells under the window of output (y, x) to patch, [kernel_height, kernel_width, cell_bytes]. Cells beyond
/// the edge are filled with in_zero_point.
inline void gather_patch(const Window& window, const RowsIn& in, int y, int x, int8_t* patch) {
  const int top = y * window.stride_height - window.pad_top, left = x * window.stride_width - window.pad_left;
  for (int ky = 0, in_y = top; ky < window.kernel_height; ++ky, in_y += window.dilation_height) {
    const bool is_row = in_y >= 0 && in_y < window.in_height;
    const int8_t* const row = is_row ? in.row(in_y) : 0;
    if (is_row && window.dilation_width == 1 && left >= 0 && left + window.kernel_width <= window.in_width) {
      const uint32_t bytes = (uint32_t)window.kernel_width * window.cell_bytes;
      memcpy(patch, row + (uint32_t)left * window.cell_bytes, bytes);
      patch += bytes;
      continue;
    }
    for (int kx = 0, in_x = left; kx < window.kernel_width; ++kx, in_x += window.dilation_width) {
      if (is_row && in_x >= 0 && in_x < window.in_width)
        memcpy(patch, row + (uint32_t)in_x * window.cell_bytes, window.cell_bytes);
      else
        memset(patch, window.in_zero_point, window.cell_bytes);
      patch += window.cell_bytes;
    }
  }
}

/// Cells `left` to `left` + count of input row in_y, [count, cell_bytes]: where they lie, or, where some are beyond an
/// edge, put together in `cells`.
inline const int8_t* cells_at(const Window& window, const RowsIn& in, int in_y, int left, int count, int8_t* cells) {
  const int32_t cell = window.cell_bytes;
  const bool is_row = in_y >= 0 && in_y < window.in_height;
  const int first = left > 0 ? left : 0, right = left + count < window.in_width ? left + count : window.in_width;
  if (is_row && right - first == count) return in.row(in_y) + left * cell;
  memset(cells, window.in_zero_point, (uint32_t)(count * cell));
  if (is_row && first < right)
    memcpy(cells + (first - left) * cell, in.row(in_y) + first * cell, (uint32_t)((right - first) * cell));
  return cells;
}

/// Whether the last window of a row sees what lies beyond the right edge.
inline bool sees_right_edge(const Window& window, int out_width) {
  return (out_width - 1) * window.stride_width - window.pad_left + window.kernel_width > window.in_width;
}

/// The three rows under a window of that height. One that lies beyond the edge is `beyond`, [row_bytes], filled with
/// in_zero_point.
inline void find_three_rows(const Window& window, const RowsIn& in, int y, int8_t* beyond, const int8_t* rows[3]) {
  for (int ky = 0, in_y = y * window.stride_height - window.pad_top; ky < 3; ++ky, ++in_y) {
    const bool is_inside = in_y >= 0 && in_y < window.in_height;
    if (!is_inside) memset(beyond, window.in_zero_point, in.row_bytes);
    rows[ky] = is_inside ? in.row(in_y) : beyond;
  }
}

}  // namespace dragonet
