// Transposed convolution, one output row at a time. An input cell contributes to the outputs under a kernel that lies
// at stride times the cell's place. Seen from an output, every stride-th tap of the kernel meets a cell; the first such
// tap is the output's phase, which is its place modulo the stride. So each output is summed at once, and nothing is
// kept. The zero point is folded into the bias, which then depends on the phase; a tap outside the input reads zero
// points.
#pragma once

#include <string.h>

#include "kernels/channels.h"
#include "kernels/dot.h"

namespace dragonet {

template <typename Arithmetic>
struct TransposeConv {
  const typename Arithmetic::Weight* weights;  // [out_channels, kernel_height, kernel_width, in_channels]
  Channels<Arithmetic> channels;  // bias [phases down, phases_across, out_channels], or as phase_biases says
  int16_t in_height, in_width, in_channels, out_width, out_channels;
  int16_t phase_biases;   // out_channels; 0: all phases share one bias, [out_channels]
  uint8_t phases_across;  // phases along the width that have a bias of their own
  uint8_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
  int8_t zero_point;  // of the input; 0 for int16 and float
};

/// Along one side: the first tap that meets a cell, and which cell.
struct FirstTap {
  int32_t tap, cell;
};

/// place: of the output, from the padding's beginning on.
inline FirstTap first_tap(int32_t place, uint8_t stride) {
  const FirstTap first = {place % stride, place / stride};
  return first;
}

/// Phases where no tap meets a cell count as one: `kernel`.
inline int32_t phase_of(FirstTap first, uint8_t kernel) { return first.tap < kernel ? first.tap : kernel; }

/// [out_channels]: the biases of an output with these first taps.
template <typename Arithmetic>
inline const typename Arithmetic::Sum* biases_of(const TransposeConv<Arithmetic>& conv, FirstTap down,
                                                 FirstTap across) {
  const int32_t phase = phase_of(down, conv.kernel_height) * conv.phases_across + phase_of(across, conv.kernel_width);
  return conv.channels.bias + phase * conv.phase_biases;
}

/// The sum of products of one output channel.
///   weights  [kernel_height, kernel_width, in_channels]  that channel's
///   outside  [in_channels]                               what a cell outside the input holds
template <typename Arithmetic>
inline typename Arithmetic::Sum sum_of_taps(const TransposeConv<Arithmetic>& conv, const RowsIn& in, FirstTap down,
                                            FirstTap across, const typename Arithmetic::Weight* weights,
                                            const typename Arithmetic::Value* outside) {
  typedef typename Arithmetic::Value Value;
  typename Arithmetic::Sum sum = 0;
  for (int32_t ky = down.tap, y = down.cell; ky < conv.kernel_height; ky += conv.stride_height, --y) {
    const bool is_row = y >= 0 && y < conv.in_height;
    const Value* const row = is_row ? (const Value*)in.row((int)y) : 0;
    for (int32_t kx = across.tap, x = across.cell; kx < conv.kernel_width; kx += conv.stride_width, --x) {
      const bool is_cell = is_row && x >= 0 && x < conv.in_width;
      sum += dot(is_cell ? row + x * conv.in_channels : outside,
                 weights + (ky * conv.kernel_width + kx) * conv.in_channels, conv.in_channels);
    }
  }
  return sum;
}

/// Output row y. in: rows of [in_width, in_channels]; out_row [out_width, out_channels]; scratch [in_channels], of
/// values, holds one input cell.
template <typename Arithmetic>
inline void transpose_conv_row(const TransposeConv<Arithmetic>& conv, const RowsIn& in, int y, int8_t* out_row,
                               int8_t* scratch) {
  typedef typename Arithmetic::Value Value;
  Value* out = (Value*)out_row;
  const int32_t weights_each = (int32_t)conv.kernel_height * conv.kernel_width * conv.in_channels;
  const FirstTap down = first_tap((int32_t)y + conv.pad_top, conv.stride_height);
  memset(scratch, conv.zero_point, (uint32_t)conv.in_channels * sizeof(Value));
  for (int32_t x = 0; x < conv.out_width; ++x) {
    const FirstTap across = first_tap(x + conv.pad_left, conv.stride_width);
    const typename Arithmetic::Sum* const bias = biases_of(conv, down, across);
    for (int32_t c = 0; c < conv.out_channels; ++c)
      *out++ = finished(
          conv.channels, c,
          bias[c] + sum_of_taps(conv, in, down, across, conv.weights + c * weights_each, (const Value*)scratch));
  }
}

}  // namespace dragonet
