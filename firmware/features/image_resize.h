// Image rows of 8-bit grey or RGB in, int8 rows of the model's size out: an area average, in exact integer arithmetic.
//
// Both images are laid over the same rectangle, which is cut into source_width * out_width by source_height *
// out_height units, so that every pixel of either is a whole number of units: a source pixel is out_width x out_height
// of them, an output pixel source_width x source_height. An output pixel is the mean of what lies under it, rounded to
// nearest. Only one output row of sums is kept, so a picture of any height needs RAM for one row. The model's input may
// be smaller or larger than the picture.
//
// The host computes its training tensors with this very file, so that they are equal to the chip's byte for byte.
#pragma once

#include <stdint.h>

namespace dragonet {

enum { image_row_pixels = 160 };  // the firmware keeps a picture row of so many pixels, or of the model's width if more
enum { image_size_max = 2048 };   // of either side: 255 * 2048 * 2048 still fits the 32-bit sums

/// The caller owns sums and sets the first four fields before begin_resize().
struct ImageResize {
  uint32_t* sums;                            // [out_width, channels]
  uint16_t out_width, out_height, channels;  // of the model's input; channels 1 or 3
  uint16_t source_width, source_height;      // 1 to image_size_max
  uint32_t top;                              // units from the top that the sums hold already
  uint32_t source_bottom;                    // units from the top to the lower edge of the present source row
  uint32_t out_bottom;                       // and to that of the present output row
};

/// To 0.
inline void clear_sums(ImageResize& resize) {
  for (uint32_t i = 0; i < (uint32_t)resize.out_width * resize.channels; ++i) resize.sums[i] = 0;
}

/// Before the first row of a picture. Sides from 1 to image_size_max.
inline void begin_resize(ImageResize& resize, uint16_t source_width, uint16_t source_height) {
  resize.source_width = source_width;
  resize.source_height = source_height;
  resize.top = 0;
  resize.source_bottom = resize.out_height;
  resize.out_bottom = source_height;
  clear_sums(resize);
}

/// Adds a source row, pixels [source_width, channels], to the sums: `height` units of it, at most out_height.
inline void add_row(ImageResize& resize, const uint8_t* pixels, uint32_t height) {
  uint32_t out_x = 0, out_right = resize.source_width;  // in units, like left and right
  for (uint32_t x = 0, left = 0; x < resize.source_width; ++x, pixels += resize.channels) {
    const uint32_t right = left + resize.out_width;
    while (left < right) {
      const uint32_t end = right < out_right ? right : out_right;
      const uint32_t area = (end - left) * height;
      uint32_t* const sums = resize.sums + out_x * resize.channels;
      for (uint32_t c = 0; c < resize.channels; ++c) sums[c] += pixels[c] * area;
      left = end;
      if (left == out_right) {
        ++out_x;
        out_right += resize.source_width;
      }
    }
  }
}

/// Writes out [out_width, channels]: the means, -128 for black to 127 for white. Then clears the sums.
inline void finish_row(ImageResize& resize, int8_t* out) {
  const uint32_t area = (uint32_t)resize.source_width * resize.source_height;
  for (uint32_t i = 0; i < (uint32_t)resize.out_width * resize.channels; ++i)
    out[i] = (int8_t)((int32_t)((resize.sums[i] + area / 2) / area) - 128);
  clear_sums(resize);
}

/// Takes one source row, pixels [source_width, channels]. True: a model row is complete in `row`, [out_width,
/// channels], real = (q + 128) / 255; call again with the same pixels. False: it needs the next source row. One source
/// row completes none, one, or several model rows (where the picture is smaller than the model's input):
///     while (resize_row(resize, pixels, row)) use(row);
inline bool resize_row(ImageResize& resize, const uint8_t* pixels, int8_t* row) {
  while (resize.top < resize.source_bottom) {
    const uint32_t end = resize.source_bottom < resize.out_bottom ? resize.source_bottom : resize.out_bottom;
    add_row(resize, pixels, end - resize.top);
    resize.top = end;
    if (resize.top == resize.out_bottom) {
      finish_row(resize, row);
      resize.out_bottom += resize.source_height;
      return true;
    }
  }
  resize.source_bottom += resize.out_height;
  return false;
}

}  // namespace dragonet
