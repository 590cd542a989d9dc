// SVDF: each filter makes one number of the input and keeps the latest of them, which are weighted over time; several
// filters are summed into each unit.
#pragma once

#include "kernels/dot.h"
#include "kernels/fixed_point.h"
#include "kernels/rows.h"

namespace dragonet {

struct SvdfSizes {
  int32_t batches, inputs, units, rank, steps;  // filters: units * rank
};

template <typename Kept>
struct Svdf {
  SvdfSizes sizes;
  const int8_t* feature_weights;  // [filters, inputs]
  const Kept* time_weights;       // [filters, steps]
  const int32_t* bias;            // [units]; 0: none
  const int32_t* offsets;         // [filters]: less the input's zero point times the sum of the weights
  int32_t kept_multiplier;        // with the shift, as for rescale(): from sums to what is kept
  int8_t kept_shift;
  int32_t out_multiplier;
  int8_t out_shift, zero_point;  // of the output
};

inline int16_t clamp_kept(int32_t x, int16_t) {
  return (int16_t)(x < INT16_MIN ? INT16_MIN : x > INT16_MAX ? INT16_MAX : x);
}
inline int8_t clamp_kept(int32_t x, int8_t) { return clamp_to(x, -128, 127); }

/// The latest goes to the end of kept [steps]; what was there moves one place down. The barrier keeps the compiler from
/// making a call of memmove of the loop, which a chip without a library has not.
template <typename Kept>
inline void remember(Kept* kept, int32_t steps, Kept latest) {
  for (int32_t t = 0; t + 1 < steps; ++t) {
    kept[t] = kept[t + 1];
    writes_memory();
  }
  kept[steps - 1] = latest;
}

/// in_rows: one row, [batches, inputs]; out [batches, units]; kept [batches, filters, steps] of Kept, from one
/// inference to the next; zeros are how it begins.
template <typename Kept>
inline void svdf_row(const Svdf<Kept>& svdf, const RowsIn& in_rows, int8_t* out, int8_t* kept_bytes) {
  const SvdfSizes& sizes = svdf.sizes;
  const int8_t* in = in_rows.row(0);
  Kept* kept = (Kept*)kept_bytes;
  for (int32_t batch = 0; batch < sizes.batches; ++batch, in += sizes.inputs) {
    int32_t filter = 0;
    for (int32_t unit = 0; unit < sizes.units; ++unit) {
      uint32_t sum = svdf.bias ? (uint32_t)svdf.bias[unit] : 0;  // wraps, as the reference's does
      for (int32_t r = 0; r < sizes.rank; ++r, ++filter, kept += sizes.steps) {
        const int32_t feature =
            svdf.offsets[filter] + dot(in, svdf.feature_weights + filter * sizes.inputs, sizes.inputs);
        remember(kept, sizes.steps, clamp_kept(rescale(feature, svdf.kept_multiplier, svdf.kept_shift), Kept()));
        const Kept* const weights = svdf.time_weights + filter * sizes.steps;
        for (int32_t t = 0; t < sizes.steps; ++t) sum += (uint32_t)((int32_t)kept[t] * weights[t]);
      }
      const int32_t scaled = rescale((int32_t)sum, svdf.out_multiplier, svdf.out_shift);
      *out++ = clamp_to(scaled + svdf.zero_point, -128, 127);
    }
  }
}

struct RealSvdf {
  SvdfSizes sizes;
  const float *feature_weights, *time_weights, *bias;
  float min, max;  // of the output
};

/// As the int8 one.
inline void svdf_row(const RealSvdf& svdf, const RowsIn& in_rows, int8_t* out_row, int8_t* kept_bytes) {
  const SvdfSizes& sizes = svdf.sizes;
  const float* in = (const float*)in_rows.row(0);
  float *out = (float*)out_row, *kept = (float*)kept_bytes;
  for (int32_t batch = 0; batch < sizes.batches; ++batch, in += sizes.inputs) {
    int32_t filter = 0;
    for (int32_t unit = 0; unit < sizes.units; ++unit) {
      float sum = 0;
      for (int32_t r = 0; r < sizes.rank; ++r, ++filter, kept += sizes.steps) {
        remember(kept, sizes.steps, dot(in, svdf.feature_weights + filter * sizes.inputs, sizes.inputs));
        sum += dot(kept, svdf.time_weights + filter * sizes.steps, sizes.steps);
      }
      *out++ = clamp_value((svdf.bias ? svdf.bias[unit] : 0) + sum, svdf.min, svdf.max);
    }
  }
}

}  // namespace dragonet
