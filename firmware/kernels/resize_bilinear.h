// Bilinear resizing, one output row at a time: each value is interpolated between two rows and two columns of the
// input. For integers, places are counted in 1/1024 of a cell; for floats they come in tables, so that every machine
// reads the same rows.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Where an output lies along one side of the input: from cell `lower` towards cell `upper` by `part`.
template <typename Part>
struct Between {
  int32_t lower, upper;
  Part part;  // of 1024, or of 1
};

/// Of integers: output i lies at (i * scale + offset) / 1024.
struct ResizeSide {
  int32_t scale, offset;
  int16_t last;  // cell of the input
};

/// Of floats: the Between of each output, each [out_height] or [out_width].
struct RealResizeSide {
  const int16_t *lower, *upper;
  const float* part;
};

/// Side: ResizeSide or RealResizeSide.
template <typename Side>
struct ResizeBilinear {
  Side down, across;
  int16_t out_width, channels;
};

/// The place of output i.
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

/// a, b: left and right value of the upper row; c, d: of the lower row; down, across: parts of 1024. Rounded to
/// nearest, halves away from zero. Sum is a type that holds 2^21 times a value.
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

/// Output row y. in: rows of [in_width, channels]; out_row [out_width, channels]; all of Value.
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
