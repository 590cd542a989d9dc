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
  int32_t fours;  // of taps: kernel_height * kernel_width * in_channels / 4, rounded up
};

/// The sums of two channels' products with two pixels.
struct FourSums {
  int32_t of[2][2];  // [channel, pixel]
};

#if defined(__ARM_FEATURE_SIMD32) && !defined(DRAGONET_NO_ASSEMBLY)

/// patches: [fours, 2 pixels, 2 words] of widened values; weights: [fours, 2].
// GCC loads by twos and counts apart from the pointers: 27 cycles for 16 products, where this takes 21.
__attribute__((noinline)) inline FourSums multiply_two_pixels(const uint32_t* patches, const uint32_t* weights,
                                                              int32_t fours) {
  FourSums sums;
  const uint32_t* end = weights + 2 * fours;
#define DRAGONET_FOUR_TAPS                                                 \
  " ldmia %[patches]!, {r4, r5, r6, r7}\n ldrd r8, r9, [%[weights]], #8\n" \
  " sxtb16 r10, r8\n sxtb16 r8, r8, ror #8\n"                              \
  " smlad %[a], r10, r4, %[a]\n smlad %[b], r10, r6, %[b]\n"               \
  " smlad %[a], r8, r5, %[a]\n smlad %[b], r8, r7, %[b]\n"                 \
  " sxtb16 r10, r9\n sxtb16 r9, r9, ror #8\n"                              \
  " smlad %[c], r10, r4, %[c]\n smlad %[d], r10, r6, %[d]\n"               \
  " smlad %[c], r9, r5, %[c]\n smlad %[d], r9, r7, %[d]\n"
  int32_t a = 0, b = 0, c = 0, d = 0;
  if (fours & 1)
    __asm__ volatile(
        DRAGONET_FOUR_TAPS
        : [patches] "+r"(patches), [weights] "+r"(weights), [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d)
        :
        : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "memory");
  if (weights != end)
    __asm__ volatile(
        "1:\n" DRAGONET_FOUR_TAPS DRAGONET_FOUR_TAPS " cmp %[weights], %[end]\n bne 1b\n"
        : [patches] "+r"(patches), [weights] "+r"(weights), [a] "+r"(a), [b] "+r"(b), [c] "+r"(c), [d] "+r"(d)
        : [end] "r"(end)
        : "r4", "r5", "r6", "r7", "r8", "r9", "r10", "cc", "memory");
#undef DRAGONET_FOUR_TAPS
  sums.of[0][0] = a, sums.of[0][1] = b, sums.of[1][0] = c, sums.of[1][1] = d;
  return sums;
}

#else

inline FourSums multiply_two_pixels(const uint32_t* patches, const uint32_t* weights, int32_t fours) {
  FourSums sums = {{{0, 0}, {0, 0}}};
  for (; fours; --fours, patches += 4, weights += 2)
    for (int channel = 0; channel < 2; ++channel)
      for (int pixel = 0; pixel < 2; ++pixel) {
        int32_t& sum = sums.of[channel][pixel];
        sum = multiply_halves(even_bytes(weights[channel]), patches[2 * pixel], sum);
        sum = multiply_halves(odd_bytes(weights[channel]), patches[2 * pixel + 1], sum);
      }
  return sums;
}

#endif

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: 4 * fours bytes of a
/// patch, and 4 * fours words. A last pixel alone is computed twice.
inline void conv_2d_simd_row(const Conv2DSimd& conv, const RowsIn& in, int y, int8_t* out_row, int8_t* scratch) {
  uint32_t* const words = (uint32_t*)(scratch + 4 * conv.fours);
  const int out_channels = conv.out_channels;
  const Estimate* const estimates = conv.channels.estimates;
  const Estimating estimating(conv.channels);
  for (int x = 0; x < conv.out_width; x += 2) {
    const int pixels = conv.out_width - x < 2 ? 1 : 2;
    for (int p = 0; p < pixels; ++p) {
      gather_patch(conv.window, in, y, x + p, scratch);
      widen(scratch, conv.fours, 4, words + 2 * p);
    }
    const uint32_t* weights = conv.weights;
    int8_t* out = out_row + x * out_channels;
    for (int c = 0; c < out_channels; c += 2, weights += 2 * conv.fours, out += 2) {
      const FourSums sums = multiply_two_pixels(words, weights, conv.fours);
      for (int i = 0; i < 2 && c + i < out_channels; ++i) {
        const Estimate estimate = estimates[c + i];
        out[i] = finished(conv.channels, estimating, estimate, c + i, sums.of[i][0]);
        if (pixels == 2) out[out_channels + i] = finished(conv.channels, estimating, estimate, c + i, sums.of[i][1]);
      }
    }
  }
}

}  // namespace dragonet
