// Logarithms and powers of two in fixed point: real numbers in Q16 (65536 stands for 1), within 0.0003 (as a level,
// 0.001 dB). On [0, 1], log2(1 + x) is x and a little more, 2^x is 1 + x less a little; the difference comes from a
// table of 33 entries with straight lines between them.
#pragma once

#include <stdint.h>

namespace dragonet {

/// How many bits x takes: 0 for 0, 32 where the highest bit is set.
inline int bit_length(uint32_t x) { return x ? (int)(8 * sizeof(unsigned long)) - __builtin_clzl(x) : 0; }

/// The value at x, 0 to 65535, on the straight lines between a table's entries, [33], which are 2048 apart.
inline int32_t interpolate(const uint16_t* table, uint32_t x) {
  const uint16_t* const place = table + (x >> 11);
  const int32_t left = place[0], rise = (int32_t)place[1] - left;
  return left + ((rise * (int32_t)(x & 2047) + 1024) >> 11);
}

/// log2(x) in Q16; x is not 0. From 0 to 64 * 65536.
inline int32_t log2_q16(uint64_t x) {
  static const uint16_t more[33] = {// log2(1 + x) - x
                                    0,    861,  1636, 2329, 2944, 3487, 3960, 4368, 4714, 5001, 5231,
                                    5408, 5533, 5610, 5640, 5626, 5568, 5470, 5332, 5156, 4944, 4697,
                                    4416, 4103, 3759, 3384, 2981, 2549, 2090, 1605, 1094, 559,  0};
  const uint32_t high = (uint32_t)(x >> 32);
  const int bits = high ? 32 + bit_length(high) : bit_length((uint32_t)x);
  const uint32_t top = (uint32_t)(bits > 17 ? x >> (bits - 17) : x << (17 - bits));  // 65536 to 131071
  const uint32_t fraction = top & 0xffff;
  return ((int32_t)(bits - 1) << 16) + (int32_t)fraction + interpolate(more, fraction);
}

/// 2^x in Q16 of an x in Q16, for x below 47; below -17 it is 0.
inline uint64_t exp2_q16(int32_t x) {
  static const uint16_t less[33] = {// 1 + x - 2^x
                                    0,    613,  1194, 1744, 2260, 2744, 3192, 3606, 3984, 4326, 4630,
                                    4895, 5122, 5309, 5456, 5560, 5622, 5641, 5615, 5543, 5426, 5261,
                                    5047, 4784, 4470, 4105, 3686, 3214, 2686, 2103, 1461, 761,  0};
  const uint32_t fraction = (uint32_t)x & 0xffff;
  const uint32_t mantissa = 65536 + fraction - (uint32_t)interpolate(less, fraction);
  const int32_t whole = x >> 16;
  if (whole < 0) return whole < -17 ? 0 : mantissa >> -whole;
  return (uint64_t)mantissa << whole;
}

}  // namespace dragonet
