// Convolution of rows of one or two pixels for a Cortex-M0+, as those of movements are: a patch goes through a fully
// connected layer, where two output channels share a multiplication.
#pragma once

#include "kernels/fully_connected_pairs.h"
#include "kernels/window.h"

namespace dragonet {

struct Conv2DChannelPairs {
  Window window;
  FullyConnectedPairs layer;  // of a patch
  int16_t out_width;
};

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch: a patch.
inline void conv_2d_channel_pairs_row(const Conv2DChannelPairs& conv, const RowsIn& in, int y, int8_t* out_row,
                                      int8_t* scratch) {
  for (int x = 0; x < conv.out_width; ++x, out_row += conv.layer.out_channels) {
    gather_patch(conv.window, in, y, x, scratch);
    multiply_blocks(conv.layer, scratch, out_row);
  }
}

}  // namespace dragonet
