// The level of a band: log2 of the power in its bins, each weighted by a triangle on the mel scale, against a sine of
// full scale. The host works out weights and numbers (src/features/sound_tables.cpp).
#pragma once

#include "features/fft.h"
#include "features/log2.h"

namespace dragonet {

/// A band's first bin in the spectrum, and how many bins it has, 1 or more.
struct MelBand {
  uint16_t first_bin, bins;
};

struct Mel {
  uint16_t bands;                // 4 to 128
  const MelBand* places;         // [bands]
  const int16_t* weights;        // of all bands' bins, one band after the other; 0 to 32767, which stands for 1
  int32_t full_scale_q16;        // log2 of the power of a sine of full scale, in the units of band_level(); Q16
  int32_t unit_scale, unit_low;  // unit = level_q16 * unit_scale / 2^24 - unit_low
};

enum { no_level_q16 = -64 * 65536L };  // the level of no power at all: -193 dB

/// bins [count]. Returns the bits that the largest real or imaginary part takes, without its sign.
inline int largest_bits(const Complex* bins, uint16_t count) {
  uint32_t all = 0;
  for (const Complex* const end = bins + count; bins < end; ++bins)
    all |= (uint32_t)(bins->re ^ (bins->re >> 31)) | (uint32_t)(bins->im ^ (bins->im >> 31));
  return bit_length(all);
}

/// sum of weight * |bin|^2, of bins [count] and weights [count]. `shift` brings parts of bins to 15 bits, so that
/// squares and weighted squares fit in 32 bits; the result is divided by 2^sum_shift, so that the sum fits.
inline uint32_t weighted_power(const Complex* bins, const int16_t* weights, uint16_t count, int shift, int sum_shift) {
  uint32_t sum = 0;
  for (const Complex* const end = bins + count; bins < end; ++bins, ++weights) {
    const int32_t re = bins->re >> shift, im = bins->im >> shift;
    const uint32_t power = (uint32_t)(re * re) + (uint32_t)(im * im);
    sum += (power >> 15) * (uint32_t)*weights >> sum_shift;
  }
  return sum;
}

/// log2 of a band's power relative to a sine of full scale, Q16; no_level_q16 for no power.
///   spectrum  [fft.points / 2]  whose true values are 2^exponent times these
///   weights   [band.bins]       this band's
inline int32_t band_level(const Mel& mel, const Complex* spectrum, int exponent, const MelBand& band,
                          const int16_t* weights) {
  const Complex* const bins = spectrum + band.first_bin;
  const int excess = largest_bits(bins, band.bins) - 15, shift = excess < 0 ? 0 : excess;
  const int sum_shift = bit_length(band.bins / 2);  // 2^31 of one bin, and no more than 2^32 of all
  const uint32_t power = weighted_power(bins, weights, band.bins, shift, sum_shift);
  if (!power) return no_level_q16;
  return log2_q16(power) + (int32_t)(2 * (shift + exponent) + sum_shift) * 65536 - mel.full_scale_q16;
}

/// A level from band_level() as 0 for low_db or less to 65536 for high_db or more.
inline uint32_t unit_of_level(const Mel& mel, int32_t level_q16) {
  const int32_t unit = (int32_t)(((int64_t)level_q16 * mel.unit_scale) >> 24) - mel.unit_low;
  return unit < 0 ? 0 : unit > 65536 ? 65536 : (uint32_t)unit;
}

/// 0 to 65536 becomes -128 to 127: real = (q + 128) / 255, as for pictures. What lies outside is clamped.
inline int8_t int8_of_unit(int32_t unit) {
  const int32_t clamped = unit < 0 ? 0 : unit > 65536 ? 65536 : unit;
  return (int8_t)(((clamped * 255 + 32768) >> 16) - 128);
}

}  // namespace dragonet
