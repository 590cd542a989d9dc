// Bilinear resizing, one output row at a time: each value lies between two rows and two columns of the input. Of
// integers, places are counted in 1/1024; of floats, they come in tables, so that every machine reads the same rows.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Where an output lies along one side: from `lower` towards `upper` by `part`.
template <typename Part>
struct Between {
  int32_t lower, upper;
  Part part;
};

/// Output i lies at (i * scale + offset) / 1024.
struct ResizeSide {
  int32_t scale, offset;
  int16_t last;  // of the input
};

struct RealResizeSide {
  const int16_t *lower, *upper;
  const float* part;
};

template <typename Side>
struct ResizeBilinear {
  Side down, across;
  int16_t out_width, channels;
};

inline Between<int32_t> between(const ResizeSide& side, int32_t i) {
  const int32_t place = i * side.scale + side.offset, above = (place + 1023) >> 10;
  const int32_t lower = place < 0 ? 0 : place >> 10;
  const Between<int32_t> result = {lower, above < side.last ? above : side.last, place - lower * 1024};
  return result;
}

inline Between<float> between(const RealResizeSide& side, int32_t i) {
  const Between<float> result = {side.lower[i], side.upper[i], side.part[i]};
  return result;
}

/// Values a, b of the upper row and c, d of the lower, left and right. Rounded to nearest, halves away from zero; Sum
/// holds 2^21 times a value.
template <typename Sum, typename Value>
inline Value blended(Value a, Value b, Value c, Value d, int32_t down, int32_t across) {
  const Sum sum = (Sum)a * ((1024 - down) * (1024 - across)) + (Sum)b * ((1024 - down) * across) +
                  (Sum)c * (down * (1024 - across)) + (Sum)d * (down * across);
  const Sum half = (Sum)1 << 19;
  return (Value)((sum > 0 ? sum + half : sum - half) / ((Sum)1 << 20));
}

template <typename Sum>
inline float blended(float a, float b, float c, float d, float down, float across) {
  return a * (1 - down) * (1 - across) + c * down * (1 - across) + b * (1 - down) * across + d * down * across;
}

template <typename Value, typename Sum, typename Side>
inline void resize_bilinear_row(const ResizeBilinear<Side>& resize, const RowsIn& in, int y, int8_t* out_row) {
  const auto down = between(resize.down, y);
  const Value *const upper = (const Value*)in.row((int)down.lower), *const lower =
                                                                        (const Value*)in.row((int)down.upper);
  Value* out = (Value*)out_row;
  for (int32_t x = 0; x < resize.out_width; ++x) {
    const auto across = between(resize.across, x);
    const int32_t left = across.lower * resize.channels, right = across.upper * resize.channels;
    for (int32_t c = 0; c < resize.channels; ++c)
      *out++ =
          blended<Sum>(upper[left + c], upper[right + c], lower[left + c], lower[right + c], down.part, across.part);
  }
}

}  // namespace dragonet
