// An operator of two tensors, value by value, one row at a time. Where a dimension of one of them is 1 or missing, its
// values are repeated, as NumPy does. All that repeating comes to steps through memory: 0 stays, 1 goes on.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// How one operand lies under an output row, which is so many blocks of so many values. In values of the operand.
struct Steps {
  int32_t y;      // from one output row to the next, within the only row that it has
  int32_t block;  // from one block to the next
  int8_t value;   // from one value to the next, 0 or 1
  int8_t row;     // 1: its rows are the output's; 0: it has one
};

struct Blocks {
  int32_t count, length;
  Steps first, second;
};

template <typename Function>
struct Binary {
  Function function;
  Blocks blocks;
};

template <typename Value, typename Function>
inline void binary_blocks(const Function& function, const Blocks& blocks, const Value* a, const Value* b, Value* out) {
  const int32_t a_step = blocks.first.value, b_step = blocks.second.value;
  for (int32_t block = 0; block < blocks.count; ++block) {
    const Value *from_a = a, *from_b = b;
    for (int32_t i = 0; i < blocks.length; ++i, from_a += a_step, from_b += b_step)
      *out++ = (Value)function.of(*from_a, *from_b);
    a += blocks.first.block, b += blocks.second.block;
  }
}

template <typename Value>
inline const Value* operand_row(const RowsIn& in, const Steps& steps, int y) {
  return (const Value*)in.row(steps.row ? y : 0) + y * steps.y;
}

template <typename Value, typename Function>
inline void binary_row(const Binary<Function>& binary, const RowsIn& first, const RowsIn& second, int y, int8_t* out) {
  const Blocks& blocks = binary.blocks;
  binary_blocks(binary.function, blocks, operand_row<Value>(first, blocks.first, y),
                operand_row<Value>(second, blocks.second, y), (Value*)out);
}

/// A dimension outside the blocks, where the whole output is one row. An operand may have its rows along one.
struct Axis {
  int32_t size;
  int32_t first, second;           // steps, in values
  int8_t first_rows, second_rows;  // steps, in rows
};

template <typename Function>
struct Broadcast {
  Function function;
  Blocks blocks;
  int8_t axes;
  Axis axis[4];
};

template <typename Value, typename Function>
inline void broadcast_row(const Broadcast<Function>& broadcast, const RowsIn& first, const RowsIn& second,
                          int8_t* out) {
  int32_t at[4] = {0, 0, 0, 0};
  for (Value* to = (Value*)out;; to += broadcast.blocks.count * broadcast.blocks.length) {
    int32_t a = 0, b = 0;
    int a_row = 0, b_row = 0;
    for (int i = 0; i < broadcast.axes; ++i) {
      const Axis& axis = broadcast.axis[i];
      a += at[i] * axis.first, b += at[i] * axis.second;
      a_row += (int)at[i] * axis.first_rows, b_row += (int)at[i] * axis.second_rows;
    }
    binary_blocks(broadcast.function, broadcast.blocks, (const Value*)first.row(a_row) + a,
                  (const Value*)second.row(b_row) + b, to);
    int last = broadcast.axes - 1;
    while (last >= 0 && ++at[last] == broadcast.axis[last].size) at[last--] = 0;
    if (last < 0) return;
  }
}

}  // namespace dragonet
