// Sums to int8 outputs by one product of 32 bits, where TensorFlow Lite's two roundings take a product of 64. The
// estimate of an output is a fixed-point number with 23 bits behind the point. Where those bits lie within `doubt` of a
// rounding edge, the exact way decides. The compiler has proved, for each channel and each of its at most 255 edges,
// that elsewhere both agree (ops/estimate.h).
#pragma once

#include "kernels/assembly.h"
#include "kernels/channels.h"

namespace dragonet {

/// Of one output channel.
struct Estimate {
  int32_t low, high;  // sums beyond these give -128 and 127
  int32_t multiplier, offset;
};

/// Outputs are estimated over all of int8; a row of them is then clamped to exact.min and exact.max.
struct EstimatedChannels {
  Channels<Int8> exact;
  const Estimate* estimates;  // [out_channels]
  uint32_t doubt;             // both sides of an edge together; the estimate is too high by half of it
  int8_t shift;               // sums are shifted right by so much before they are multiplied
};

enum { estimate_bits = 23 };

/// Apart, so that the loop around it keeps its registers.
__attribute__((noinline)) inline int8_t exactly_finished(const Channels<Int8>& channels, int32_t c, int32_t sum) {
  return finished(channels, c, channels.bias[c] + sum);
}

/// How estimates are taken, apart from the channels they are of: copies that stay in registers while outputs are
/// written.
struct Estimating {
  uint32_t doubt;
  int shift;
  explicit Estimating(const EstimatedChannels& channels) : doubt(channels.doubt), shift(channels.shift) {}

  /// The output, with estimate_bits bits behind the point; of a sum within the estimate's bounds.
  uint32_t fixed(const Estimate& estimate, int32_t sum) const {
    return (uint32_t)(sum >> shift) * (uint32_t)estimate.multiplier + (uint32_t)estimate.offset;
  }
  /// Seldom; the compiler lays out its code so.
  bool is_in_doubt(uint32_t fixed) const { return __builtin_expect(fixed << (32 - estimate_bits) < doubt, 0); }
};

/// The output value of channel c, not yet clamped; sum: its products, without its bias.
inline int8_t finished(const EstimatedChannels& channels, const Estimating& estimating, const Estimate& estimate,
                       int32_t c, int32_t sum) {
  if (sum < estimate.low) return -128;
  if (sum > estimate.high) return 127;
  const uint32_t fixed = estimating.fixed(estimate, sum);
  if (estimating.is_in_doubt(fixed)) return exactly_finished(channels.exact, c, sum);
  return (int8_t)((int32_t)fixed >> estimate_bits);
}

/// Sums that are turned into outputs one after another.
struct Finishing {
  const int32_t* sums;
  const int32_t* end;  // of the sums
  int8_t* out;
  int32_t step;  // from output to output
};

#if DRAGONET_CORTEX_M0

/// Goes on to the first sum whose estimate is in doubt, or to the end, where sums == end.
// GCC takes 30 cycles an output, this 19, and 14 where it is -128: it keeps what does not change in the upper
// registers. r2 the sum, r4 multiplier, r5 shift, r8 low, r9 high, r10 offset, r11 doubt, r12 step, lr end.
inline void finish_sure(const EstimatedChannels& channels, const Estimate& estimate, Finishing& at) {
  register const int32_t* r0 __asm__("r0") = at.sums;
  register int8_t* r1 __asm__("r1") = at.out;
  register const Estimate* r2 __asm__("r2") = &estimate;
  register int32_t r5 __asm__("r5") = channels.shift;
  register uint32_t r6 __asm__("r6") = channels.doubt;
  register int32_t r7 __asm__("r7") = at.step;
  register const int32_t* r3 __asm__("r3") = at.end;
  __asm__ volatile(
      ".syntax unified\n mov lr, r3\n mov r11, r6\n mov r12, r7\n"
      " ldmia r2!, {r3, r4, r6, r7}\n mov r8, r3\n mov r9, r4\n mov r10, r7\n movs r4, r6\n"
      "1:\n"
      " ldmia r0!, {r2}\n cmp r2, r8\n blt 3f\n cmp r2, r9\n bgt 4f\n"
      " asrs r2, r5\n muls r2, r4, r2\n add r2, r10\n lsls r3, r2, #9\n cmp r3, r11\n bcc 5f\n asrs r2, r2, #23\n"
      "2:\n strb r2, [r1]\n add r1, r12\n cmp r0, lr\n bne 1b\n b 6f\n"
      "3:\n movs r2, #128\n b 2b\n"
      "4:\n movs r2, #127\n b 2b\n"
      "5:\n subs r0, #4\n"
      "6:\n"
      : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r3), "+r"(r5), "+r"(r6), "+r"(r7)
      :
      : "r4", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
  at.sums = r0, at.out = r1;
}

#else

inline void finish_sure(const EstimatedChannels& channels, const Estimate& estimate, Finishing& at) {
  const Estimating estimating(channels);
  const Estimate own = estimate;
  const int32_t *sums = at.sums, *const end = at.end;
  int8_t* out = at.out;
  for (; sums != end; ++sums, out += at.step) {
    const bool is_beyond = *sums < own.low || *sums > own.high;
    const uint32_t fixed = estimating.fixed(own, *sums);
    if (!is_beyond && estimating.is_in_doubt(fixed)) break;
    *out = is_beyond ? (int8_t)(*sums < own.low ? -128 : 127) : (int8_t)((int32_t)fixed >> estimate_bits);
  }
  at.sums = sums, at.out = out;
}

#endif

/// Channel c of `count` pixels, 1 or more: sums [count] of products, without the bias, to values that lie `step` apart,
/// not yet clamped.
inline void finish_channel(const EstimatedChannels& channels, int32_t c, const int32_t* sums, int count, int8_t* out,
                           int step) {
  Finishing at = {sums, sums + count, out, step};
  for (;;) {
    finish_sure(channels, channels.estimates[c], at);
    if (at.sums == at.end) return;
    *at.out = exactly_finished(channels.exact, c, *at.sums);
    at.out += step;
    if (++at.sums == at.end) return;
  }
}

}  // namespace dragonet
