// The inner loop of everything that multiplies: the sum of products of two arrays, in each of the arithmetics of
// channels.h.
#pragma once

#include <stdint.h>

namespace dragonet {

/// The sum of a[i] * b[i]; a, b [count]; of int8 fewer than 2^17, so that the sum fits.
inline int32_t dot(const int8_t* a, const int8_t* b, int32_t count) {
  int32_t sum = 0;
  const int8_t* const end_of_fours = a + (count & ~(int32_t)3);
  // Cast before multiplying: where int has 16 bits, 128 * 128 already overflows it.
  for (; a != end_of_fours; a += 4, b += 4)
    sum += (int32_t)a[0] * b[0] + (int32_t)a[1] * b[1] + (int32_t)a[2] * b[2] + (int32_t)a[3] * b[3];
  for (const int8_t* const end = a + (count & 3); a != end; ++a, ++b) sum += (int32_t)*a * *b;
  return sum;
}

/// The same, in pieces whose sums fit in 32 bits: 256 * 2^15 * 2^7 is 2^30.
inline int64_t dot(const int16_t* a, const int8_t* b, int32_t count) {
  int64_t sum = 0;
  while (count > 0) {
    const int32_t piece = count < 256 ? count : 256;
    int32_t part = 0;
    for (const int16_t* const end = a + piece; a != end; ++a, ++b) part += (int32_t)*a * *b;
    sum += part;
    count -= piece;
  }
  return sum;
}

inline float dot(const float* a, const float* b, int32_t count) {
  float sum = 0;
  for (const float* const end = a + count; a != end; ++a, ++b) sum += *a * *b;
  return sum;
}

}  // namespace dragonet
