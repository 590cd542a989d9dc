// An image enlarged or reduced, one output row at a time, by taking the nearest input pixel. Tables say which one that
// is, because the rule is one of floats, whose rounding no integer arithmetic repeats.
#pragma once

#include <string.h>

#include "kernels/rows.h"

namespace dragonet {

struct ResizeNearestNeighbor {
  const uint16_t *rows, *columns;  // [out_height], [out_width]: of the input, for each of the output
  int16_t out_width;
  uint16_t pixel_bytes;  // all channels of a pixel
};

/// Output row y. in: rows of [in_width, pixel_bytes]; out [out_width, pixel_bytes].
inline void resize_nearest_neighbor_row(const ResizeNearestNeighbor& resize, const RowsIn& in, int y, int8_t* out) {
  const int8_t* const row = in.row(resize.rows[y]);
  for (int x = 0; x < resize.out_width; ++x, out += resize.pixel_bytes)
    memcpy(out, row + (uint32_t)resize.columns[x] * resize.pixel_bytes, resize.pixel_bytes);
}

}  // namespace dragonet
