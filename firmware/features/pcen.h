// Per-channel energy normalization: each band's power is divided by its recent mean, so that neither the loudness nor
// the colour of a room matters much, and beginnings of sounds stand out.
//     M = M + s (E - M),   y = (E / (e + M)^a + d)^r - d^r
// E is the power relative to a sine of full scale; M begins with the first E. a = 63/64, d = 2, r = 1/2 and e = 2^-30
// (-90 dB); s = 1 - exp(-hop / 400 ms). The paper's a = 0.98, d = 2, r = 0.5, and s = 0.025 at 10 ms; its e = 10^-6 is
// for powers of another unit. As model input, real 0..1: y / 4, clamped; a steady sound has 0.06 to 0.08, a sudden one
// up to 1. Source: Wang, Getreuer, Hughes, Lyon and Saurous 2017, "Trainable frontend for robust and far-field keyword
// spotting", arXiv:1607.05666.
#pragma once

#include "features/mel.h"

namespace dragonet {

enum { pcen_energy_bits = 40 };  // fraction bits of an energy: a sine of full scale has 2^40

/// M = M + s (E - M). smoothed and energy: 2^40 for a sine of full scale; s_q16 = 65536 * s.
inline void smooth(uint64_t& smoothed, uint64_t energy, uint16_t s_q16) {
  const int64_t difference = (int64_t)energy - (int64_t)smoothed;  // less than 2^45
  smoothed = (uint64_t)((int64_t)smoothed + ((difference * s_q16 + 32768) >> 16));
}

/// sqrt(gain + 2) - sqrt(2), Q16, from log2(gain), Q16. A log2(gain) above 14 counts as 14.
inline int32_t compressed(int32_t log2_gain) {
  const int32_t largest = 14 * 65536L, root_of_two = 92682;
  const uint64_t gain = exp2_q16(log2_gain < largest ? log2_gain : largest);
  return (int32_t)exp2_q16((log2_q16(gain + 2 * 65536L) - 16 * 65536L) / 2) - root_of_two;
}

/// y / 4 of a band, 65536 for 1, not clamped. level_q16: as band_level() gives it; smoothed: the band's M, which this
/// call updates; is_first: M begins with this energy.
inline int32_t normalized_energy(int32_t level_q16, uint64_t& smoothed, bool is_first, uint16_t s_q16) {
  const uint64_t energy = exp2_q16(level_q16 + (pcen_energy_bits - 16) * 65536L);
  if (is_first) smoothed = energy;
  smooth(smoothed, energy, s_q16);
  const uint64_t least = (uint64_t)1 << (pcen_energy_bits - 30);
  const int32_t mean = log2_q16(smoothed + least) - pcen_energy_bits * 65536L;
  return compressed(level_q16 - mean + mean / 64) / 4;
}

}  // namespace dragonet
