// A fully connected layer for a Cortex-M0+, in the way of pairs.h, but here two output channels share a multiplication
// with one value. Weights lie in words of four channels, each byte 128 too high, so that a mask and an addition make
// two pairs of them; eight channels go through the values at once.
#pragma once

#include "kernels/assembly.h"
#include "kernels/estimate.h"
#include "kernels/pairs.h"

namespace dragonet {

struct FullyConnectedPairs {
  const uint32_t* weights;  // [blocks, in_channels, 2 words]: bytes of channels 0, 2, 1, 3 and 4, 6, 5, 7 of a block
  const uint8_t* runs;      // of each block: as pairs.h has them, of the channel that needs the shortest each time
  EstimatedChannels channels;
  int32_t out_channels;
};

/// What multiply_block() reads next, after a block.
struct BlockPosition {
  const uint32_t* weights;
  const uint8_t* runs;
};

#if DRAGONET_CORTEX_M0

/// Adds a block's products with values to sums [8]: of the upper halves of four pairs (channels 1, 3, 5, 7), and of the
/// whole words and 2^15 for each run.
// r0 weights, r1 values, lr runs, r8 -0x00800080, r9 to r12 accumulators, r5 the mask, r6 0: 26 cycles a value. The
// sums' address is pushed, since no register is left.
__attribute__((noinline)) inline BlockPosition multiply_block(const int8_t* values, const uint32_t* weights,
                                                              const uint8_t* runs, int32_t* sums) {
  int32_t* volatile kept = sums;
  register const uint32_t* r0 __asm__("r0") = weights;
  register const int8_t* r1 __asm__("r1") = values;
  register const uint8_t* r2 __asm__("r2") = runs;
  __asm__ volatile(
      ".syntax unified\n"
      " mov lr, r2\n"
      " b 2f\n"
      "1:\n add pc, r3\n nop\n"
      ".rept 16\n"
      " ldrsb r2, [r1, r6]\n adds r1, #1\n ldmia r0!, {r3, r4}\n"
      " mov r7, r3\n ands r7, r5\n add r7, r8\n muls r7, r2, r7\n add r9, r7\n"
      " lsrs r3, r3, #8\n ands r3, r5\n add r3, r8\n muls r3, r2, r3\n add r10, r3\n"
      " mov r7, r4\n ands r7, r5\n add r7, r8\n muls r7, r2, r7\n add r11, r7\n"
      " lsrs r4, r4, #8\n ands r4, r5\n add r4, r8\n muls r4, r2, r4\n add r12, r4\n"
      ".endr\n"
      " ldr r7, %[kept]\n ldmia r7!, {r3-r6}\n"
      " mov r2, r9\n asrs r2, r2, #16\n adds r3, r3, r2\n"
      " mov r2, r10\n asrs r2, r2, #16\n adds r4, r4, r2\n"
      " mov r2, r11\n asrs r2, r2, #16\n adds r5, r5, r2\n"
      " mov r2, r12\n asrs r2, r2, #16\n adds r6, r6, r2\n"
      " subs r7, #16\n stmia r7!, {r3-r6}\n ldmia r7!, {r3-r6}\n"
      " add r3, r9\n add r4, r10\n add r5, r11\n add r6, r12\n"
      " subs r7, #16\n stmia r7!, {r3-r6}\n"
      "2:\n"
      " ldr r5, 4f\n ldr r4, 4f + 4\n mov r8, r4\n movs r6, #0\n"
      " mov r7, lr\n ldrb r3, [r7]\n adds r7, #1\n mov lr, r7\n"
      " movs r4, #128\n lsls r4, r4, #8\n mov r9, r4\n mov r10, r4\n mov r11, r4\n mov r12, r4\n"
      " cmp r3, #16\n bhs 3f\n movs r4, #46\n muls r3, r4, r3\n b 1b\n"
      "3:\n mov r2, lr\n b 5f\n .align 2\n4: .word 0x00ff00ff, 0xff7fff80\n5:\n"
      : "+r"(r0), "+r"(r1), "+r"(r2)
      : [kept] "m"(kept)
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
  const BlockPosition next = {r0, r2};
  return next;
}

#else

/// Bytes 0 and 2 of a word as a pair: the first, and the second times 2^16.
inline uint32_t pair_of(uint32_t word) { return (word & 0x00ff00ff) - 0x00800080; }

inline BlockPosition multiply_block(const int8_t* values, const uint32_t* weights, const uint8_t* runs, int32_t* sums) {
  for (; *runs != longest_run; ++runs) {
    uint32_t parts[4] = {0x8000, 0x8000, 0x8000, 0x8000};
    for (int tap = *runs; tap < longest_run; ++tap, weights += 2) {
      const uint32_t value = (uint32_t)(int32_t)*values++;
      parts[0] += pair_of(weights[0]) * value, parts[1] += pair_of(weights[0] >> 8) * value;
      parts[2] += pair_of(weights[1]) * value, parts[3] += pair_of(weights[1] >> 8) * value;
    }
    for (int p = 0; p < 4; ++p) {
      sums[p] += (int32_t)parts[p] >> 16;
      sums[4 + p] = (int32_t)((uint32_t)sums[4 + p] + parts[p]);
    }
  }
  const BlockPosition next = {weights, runs + 1};
  return next;
}

#endif

/// values [in_channels] -> out [out_channels].
inline void multiply_blocks(const FullyConnectedPairs& layer, const int8_t* values, int8_t* out) {
  BlockPosition at = {layer.weights, layer.runs};
  const Estimating estimating(layer.channels);
  for (int32_t c = 0; c < layer.out_channels; c += 8) {
    const int32_t begun = run_count(at.runs) << 15;
    int32_t sums[8] = {0, 0, 0, 0, -begun, -begun, -begun, -begun};
    at = multiply_block(values, at.weights, at.runs + 2, sums);
    for (int32_t i = 0; i < 8 && c + i < layer.out_channels; ++i) {
      const int32_t upper = sums[i / 2];
      const int32_t sum = i % 2 ? upper : (int32_t)((uint32_t)sums[4 + i / 2] - ((uint32_t)upper << 16));
      out[c + i] = finished(layer.channels, estimating, layer.channels.estimates[c + i], c + i, sum);
    }
  }
  clamp_row(layer.channels.exact.min, layer.channels.exact.max, out, layer.out_channels);
}

/// in: one row [in_channels]; out_row [out_channels].
inline void fully_connected_pairs_row(const FullyConnectedPairs& layer, const RowsIn& in, int8_t* out_row) {
  multiply_blocks(layer, in.row(0), out_row);
}

}  // namespace dragonet
