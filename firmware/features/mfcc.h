// Cepstral coefficients: the orthonormal discrete cosine transform (DCT-II) of a row of log-mel levels x in 0..1, which
// are low_db to high_db.
//     c[k] = sqrt(2 / bands) * sum over b of x[b] * cos(pi * k * (b + 1/2) / bands);   c[0] with sqrt(1 / bands)
// As model input, real 0..1: c[0] / sqrt(bands), which is the mean level, and 1/2 + c[k] / 2 for the others. The table
// of cosines contains these factors. Source: Davis and Mermelstein 1980, "Comparison of parametric representations".
#pragma once

#include "features/mel.h"

namespace dragonet {

/// One coefficient, 65536 for 1, not clamped. levels [bands], 0 to 65536; cosines [bands], 65536 times the factors.
inline int32_t cepstral_coefficient(const int16_t* cosines, const uint32_t* levels, uint16_t bands) {
  int64_t sum = 0;
  for (uint16_t b = 0; b < bands; ++b) sum += (int32_t)levels[b] * cosines[b];  // below 2^16 * 2^15
  return (int32_t)((sum + 32768) >> 16);
}

/// levels [bands], 0 to 65536; cosines [columns, bands] -> row [columns], real = (q + 128) / 255.
inline void cepstral_row(const int16_t* cosines, const uint32_t* levels, uint16_t bands, uint16_t columns,
                         int8_t* row) {
  for (uint16_t k = 0; k < columns; ++k, cosines += bands)
    row[k] = int8_of_unit(cepstral_coefficient(cosines, levels, bands) + (k ? 32768 : 0));
}

}  // namespace dragonet
