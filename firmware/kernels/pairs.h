// Two products in one multiplication of 32 bits: a word holds a pixel in its lower half and another, times 2^16, on top
// of it, so that one product with a weight is a product of each. The lower half's sum stays within 16 bits as long as
// the sum of |weight| is at most 255: 128 * 255 < 2^15. The compiler cuts each channel's weights into *runs* of which
// it knows that. After each run both halves are added to sums of 32 bits. Of the words' total, modulo 2^32, and of the
// sum of upper halves the sum of lower halves follows.
#pragma once

#include <stdint.h>

namespace dragonet {

enum { longest_run = 16 };

/// Of a block of channels (fully_connected_pairs.h): in bytes 0 and 1 the number of runs; then, for each, what its
/// length lacks to longest_run; then longest_run.
inline int32_t run_count(const uint8_t* runs) { return runs[0] | (int32_t)runs[1] << 8; }

}  // namespace dragonet
