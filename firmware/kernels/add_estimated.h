// Sums and differences of int8 tensors of one shape: each input's values have their terms in a table, and the output is
// made of their sum by an estimate (estimate.h).
#pragma once

#include "kernels/estimate.h"

namespace dragonet {

struct EstimatedAdd {
  const int32_t* first;   // [256], the terms of -128 to 127, as Add of add.h has them
  const int32_t* second;  // [256], of a difference with the other sign
  EstimatedChannels sum;  // of one channel
};

/// Output row y, [row_bytes]. It may be the same memory as an input's row.
inline void add_estimated_row(const EstimatedAdd& add, const RowsIn& first, const RowsIn& second, int y, int8_t* out) {
  const int32_t *const a_terms = add.first + 128, *const b_terms = add.second + 128;
  const int8_t *a = first.row(y), *b = second.row(y);
  const Estimate estimate = add.sum.estimates[0];
  const Estimating estimating(add.sum);
  int8_t* const row = out;
  for (int8_t* const end = out + first.row_bytes; out != end; ++out)
    *out = finished(add.sum, estimating, estimate, 0, a_terms[*a++] + b_terms[*b++]);
  clamp_row(add.sum.exact.min, add.sum.exact.max, row, (int32_t)first.row_bytes);
}

}  // namespace dragonet
