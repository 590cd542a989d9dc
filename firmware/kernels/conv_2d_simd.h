// Convolution for a Cortex-M4: two output channels and two pixels at once, four taps of each a pass, so that a weight
// that is widened serves two pixels and a value two channels.
#pragma once

#include "kernels/estimate.h"
#include "kernels/simd.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DSimd {
  Window window;
  const uint32_t* weights;  // [pairs of channels, fours of taps, 2]: four weights in a word
  EstimatedChannels channels;
  int16_t out_width, out_channels;
  int32_t fours;  // of taps, kernel_height * kernel_width * in_channels / 4 rounded up
};

/// The sums of two channels' products with two pixels, or with one.
struct FourSums {
  int32_t of[2][2];  // [channel, pixel]
};

/// patches: [fours, 2 pixels, 2 words] of widened values; weights: [fours, 2].
inline FourSums multiply_two_pixels(const uint32_t* patches, const uint32_t* weights, int32_t fours) {
  int32_t a = 0, b = 0, c = 0, d = 0;
  for (const uint32_t* const end = weights + 2 * fours; weights != end; weights += 2, patches += 4) {
    const uint32_t first = weights[0], second = weights[1];
    const uint32_t p = patches[0], q = patches[1], r = patches[2], s = patches[3];
    const uint32_t even = even_bytes(first), odd = odd_bytes(first);
    a = multiply_halves(odd, q, multiply_halves(even, p, a));
    b = multiply_halves(odd, s, multiply_halves(even, r, b));
    const uint32_t other_even = even_bytes(second), other_odd = odd_bytes(second);
    c = multiply_halves(other_odd, q, multiply_halves(other_even, p, c));
    d = multiply_halves(other_odd, s, multiply_halves(other_even, r, d));
  }
  const FourSums sums = {{{a, b}, {c, d}}};
  return sums;
}

/// patch: [fours, 2 words], of one pixel.
inline FourSums multiply_one_pixel(const uint32_t* patch, const uint32_t* weights, int32_t fours) {
  int32_t a = 0, c = 0;
  for (const uint32_t* const end = weights + 2 * fours; weights != end; weights += 2, patch += 2) {
    const uint32_t first = weights[0], second = weights[1], p = patch[0], q = patch[1];
    a = multiply_halves(odd_bytes(first), q, multiply_halves(even_bytes(first), p, a));
    c = multiply_halves(odd_bytes(second), q, multiply_halves(even_bytes(second), p, c));
  }
  const FourSums sums = {{{a, 0}, {c, 0}}};
  return sums;
}

/// bytes [4 * fours] -> words, of which a pixel has two in each `step`.
inline void widen(const int8_t* bytes, int32_t fours, int step, uint32_t* words) {
  for (; fours; --fours, bytes += 4, words += step) {
    const uint32_t four = word_at(bytes);
    words[0] = even_bytes(four);
    words[1] = odd_bytes(four);
  }
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: 4 * fours bytes of a
/// patch, and 4 * fours words.
inline void conv_2d_simd_row(const Conv2DSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  uint32_t* const words = (uint32_t*)(scratch + 4 * conv.fours);
  for (int x = 0; x < conv.out_width; x += 2) {
    const int pixels = conv.out_width - x < 2 ? 1 : 2;
    for (int p = 0; p < pixels; ++p) {
      gather_patch(conv.window, in, y, x + p, scratch);
      widen(scratch, conv.fours, 2 * pixels, words + 2 * p);
    }
    const uint32_t* weights = conv.weights;
    for (int c = 0; c < conv.out_channels; c += 2, weights += 2 * conv.fours) {
      const FourSums sums = pixels == 2 ? multiply_two_pixels(words, weights, conv.fours)
                                        : multiply_one_pixel(words, weights, conv.fours);
      int8_t* const out = out_row + x * conv.out_channels + c;
      for (int i = 0; i < 2 && c + i < conv.out_channels; ++i)
        finish_channel(conv.channels, c + i, sums.of[i], pixels, out + i, conv.out_channels);
    }
  }
}

}  // namespace dragonet
