// A window that slides over an image, and the cells under it gathered into one contiguous patch, so that the inner
// loops of convolutions know nothing of edges, strides and dilation.
#pragma once

#include <string.h>

#include "kernels/rows.h"

namespace dragonet {

struct Window {
  int16_t in_height, in_width;
  uint16_t cell_bytes;  // of one pixel: its channels
  uint8_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width, pad_top, pad_left;
  int8_t in_zero_point;  // stands for 0: what the window sees beyond the edge. Of wider types it is 0
};

/// Copies the input cells under the window of output (y, x), row after row: [kernel_height, kernel_width, cell_bytes].
inline void gather_patch(const Window& window, const RowsIn& in, int y, int x, int8_t* patch) {
  const int top = y * window.stride_height - window.pad_top, left = x * window.stride_width - window.pad_left;
  for (int ky = 0, in_y = top; ky < window.kernel_height; ++ky, in_y += window.dilation_height) {
    const bool is_row = in_y >= 0 && in_y < window.in_height;
    const int8_t* const row = is_row ? in.row(in_y) : 0;
    for (int kx = 0, in_x = left; kx < window.kernel_width; ++kx, in_x += window.dilation_width) {
      if (is_row && in_x >= 0 && in_x < window.in_width)
        memcpy(patch, row + (uint32_t)in_x * window.cell_bytes, window.cell_bytes);
      else
        memset(patch, window.in_zero_point, window.cell_bytes);
      patch += window.cell_bytes;
    }
  }
}

}  // namespace dragonet
