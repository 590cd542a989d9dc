// Memory that goes on from one inference to the next and that several layers share: reading and assigning copy bytes,
// row by row. It begins as zeros, as a static Model does, and what it holds are the bytes exclusive-or'ed with those
// that the variable begins with.
#pragma once

#include <string.h>

#include "kernels/rows.h"

namespace dragonet {

struct Variable {
  uint32_t row_bytes;
  const int8_t* initial;  // [rows * row_bytes]; 0: all bytes begin as `fill`
  int8_t fill;
};

/// Row y from memory, or to it.
inline void exchange_row(const Variable& variable, const int8_t* from, int y, int8_t* to) {
  const int8_t* const initial = variable.initial ? variable.initial + (uint32_t)y * variable.row_bytes : 0;
  for (uint32_t i = 0; i < variable.row_bytes; ++i) to[i] = (int8_t)(from[i] ^ (initial ? initial[i] : variable.fill));
}

inline void read_variable_row(const Variable& variable, const int8_t* kept, int y, int8_t* out) {
  exchange_row(variable, kept + (uint32_t)y * variable.row_bytes, y, out);
}

/// `out` may be the input's row.
inline void assign_variable_row(const Variable& variable, const RowsIn& in, int y, int8_t* kept, int8_t* out) {
  const int8_t* const row = in.row(y);
  exchange_row(variable, row, y, kept + (uint32_t)y * variable.row_bytes);
  if (out != row) memcpy(out, row, variable.row_bytes);
}

}  // namespace dragonet
