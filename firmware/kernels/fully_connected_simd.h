// A fully connected layer for a Cortex-M4: two pairs of output channels at once, four values a pass.
#pragma once

#include "kernels/channel_pairs.h"

namespace dragonet {

struct FullyConnectedSimd {
  const uint32_t* pairs;  // channel_pairs.h; their values in fours, as widen() takes them
  int8_t min, max;        // of the output
  int32_t in_channels, out_channels;
};

/// words: of values and as many of weights, even.
struct TwoPairs {
  const uint32_t *values, *values_end;
  const uint32_t *one, *other;
  int8_t* out;
};

#if DRAGONET_CORTEX_M4

// 22 cycles for 16 products. r0 values, r1 and r2 pairs, r4 to r7 sums.
__attribute__((noinline)) inline void multiply_two_pairs(const TwoPairs& two) {
  register const uint32_t* r0 __asm__("r0") = two.values;
  register const uint32_t* r1 __asm__("r1") = two.one;
  register const uint32_t* r2 __asm__("r2") = two.other;
  register const uint32_t* lr __asm__("lr") = two.values_end;
  int8_t* const out = two.out;
// clang-format off
#define DRAGONET_OUTPUTS(pair, one, other, first, second)                                            \
  " ldmia " pair "!, {r8, r9, r10}\n sub " other ", " other ", " one "\n lsl " one ", " one ", #1\n" \
  DRAGONET_ROUND(one, "r8", "r9", "r10", DRAGONET_HALVES_AWAY) " strb " one ", [r3, #" first "]\n"   \
  " ldmia " pair "!, {r8, r9, r10}\n cmp r10, #0\n beq 2f\n asr " other ", " other ", #7\n"          \
  DRAGONET_ROUND(other, "r8", "r9", "r10", DRAGONET_HALVES_AWAY) " strb " other ", [r3, #" second "]\n"
  // clang-format on
  __asm__ volatile(
      " ldmia r1!, {r4, r5}\n ldmia r2!, {r6, r7}\n"
      ".balign 4\n1:\n ldr r8, [r1], #4\n ldr r9, [r1], #4\n ldr r10, [r2], #4\n ldr r11, [r2], #4\n"
      " ldr r12, [r0], #4\n ldr r3, [r0], #4\n"
      " smlad r5, r8, r12, r5\n smlad r7, r10, r12, r7\n smlad r5, r9, r3, r5\n smlad r7, r11, r3, r7\n"
      " sxtb16 r8, r8\n sxtb16 r9, r9\n sxtb16 r10, r10\n sxtb16 r11, r11\n"
      " smlad r4, r8, r12, r4\n smlad r6, r10, r12, r6\n smlad r4, r9, r3, r4\n smlad r6, r11, r3, r6\n"
      " cmp r0, lr\n bne 1b\n ldr r3, %[out]\n" DRAGONET_OUTPUTS("r1", "r4", "r5", "0", "1")
          DRAGONET_OUTPUTS("r2", "r6", "r7", "2", "3") "2:\n"
      : "+r"(r0), "+r"(r1), "+r"(r2)
      : "r"(lr), [out] "m"(out)
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
#undef DRAGONET_OUTPUTS
}

#else

inline void multiply_two_pairs(const TwoPairs& two) {
  const int32_t words = (int32_t)(two.values_end - two.values);
  multiply_channel_pair(two.one, words, two.values, 1, two.out);
  multiply_channel_pair(two.other, words, two.values, 1, two.out + 2);
}

#endif

/// in: one row [in_channels]; out_row [out_channels]; scratch: two words for each four values, the last ones too.
inline void fully_connected_simd_row(const FullyConnectedSimd& layer, const RowsIn& in, int8_t* out_row,
                                     int8_t* scratch) {
  uint32_t* const values = (uint32_t*)scratch;
  const int32_t whole = layer.in_channels / 4, rest = layer.in_channels % 4, words = 2 * (whole + (rest != 0));
  widen(in.row(0), whole, values);
  if (rest) {
    uint32_t last = 0;
    for (int32_t i = 0; i < rest; ++i) last |= (uint32_t)(uint8_t)in.row(0)[4 * whole + i] << (8 * i);
    values[2 * whole] = even_bytes(last), values[2 * whole + 1] = odd_bytes(last);
  }
  const int32_t pair_words = words + words_beside_weights, pairs = (layer.out_channels + 1) / 2;
  for (int32_t pair = 0; pair + 1 < pairs; pair += 2) {
    const uint32_t* const one = layer.pairs + pair * pair_words;
    const TwoPairs two = {values, values + words, one, one + pair_words, out_row + 2 * pair};
    multiply_two_pairs(two);
  }
  if (pairs % 2 != 0) {
    const int32_t last_pair = pairs - 1;
    multiply_channel_pair(layer.pairs + last_pair * pair_words, words, values, 1, out_row + 2 * last_pair);
  }
  clamp_row(layer.min, layer.max, out_row, layer.out_channels);
}

}  // namespace dragonet
