// An operator of two tensors, value by value, one row at a time: `function.of(a, b)`. Where a dimension of one of them
// is 1 or missing, its values are repeated, as NumPy broadcasts. Repeating is a matter of steps through memory: a step
// of 0 repeats a value, a step of 1 goes to the next.
#pragma once

#include "kernels/rows.h"

namespace dragonet {

/// Where an output row finds the values of one operand. Steps are counted in values.
struct Steps {
  int32_t y;      // from one output row to the next, if the operand has only one row
  int32_t block;  // from one block to the next
  int8_t value;   // from one value to the next, 0 or 1
  int8_t row;     // 1: the operand has the output's rows; 0: it has only one
};

/// An output row: `count` blocks of `length` values, back to back.
struct Blocks {
  int32_t count, length;
  Steps first, second;
};

/// For outputs whose rows each lie in one row of every operand.
template <typename Function>
struct Binary {
  Function function;
  Blocks blocks;
};

/// a, b: the first values of the operands; out [count, length].
template <typename Value, typename Out, typename Function>
inline void binary_blocks(const Function& function, const Blocks& blocks, const Value* a, const Value* b, Out* out) {
  const int32_t a_step = blocks.first.value, b_step = blocks.second.value;
  for (int32_t block = 0; block < blocks.count; ++block) {
    const Value *from_a = a, *from_b = b;
    for (int32_t i = 0; i < blocks.length; ++i, from_a += a_step, from_b += b_step)
      *out++ = (Out)function.of(*from_a, *from_b);
    a += blocks.first.block, b += blocks.second.block;
  }
}

/// The operand's first value for output row y.
template <typename Value>
inline const Value* operand_row(const RowsIn& in, const Steps& steps, int y) {
  return (const Value*)in.row(steps.row ? y : 0) + y * steps.y;
}

/// Output row y, [blocks.count, blocks.length] of Out. It may be the same memory as an operand's row that has its size
/// and type.
template <typename Value, typename Out = Value, typename Function>
inline void binary_row(const Binary<Function>& binary, const RowsIn& first, const RowsIn& second, int y, int8_t* out) {
  const Blocks& blocks = binary.blocks;
  binary_blocks(binary.function, blocks, operand_row<Value>(first, blocks.first, y),
                operand_row<Value>(second, blocks.second, y), (Out*)out);
}

/// A dimension outside the blocks.
struct Axis {
  int32_t size;
  int32_t first, second;           // steps of the operands along it, in values
  int8_t first_rows, second_rows;  // the same in rows, 0 or 1, of an operand that has its rows along this axis
};

/// For outputs that are one row and have more dimensions than blocks have.
template <typename Function>
struct Broadcast {
  Function function;
  Blocks blocks;
  int8_t axes;   // 1 to 4
  Axis axis[4];  // the outermost first
};

/// The whole output, [sizes of the axes, blocks.count, blocks.length] of Out.
template <typename Value, typename Out = Value, typename Function>
inline void broadcast_row(const Broadcast<Function>& broadcast, const RowsIn& first, const RowsIn& second,
                          int8_t* out) {
  int32_t at[4] = {0, 0, 0, 0};
  for (Out* to = (Out*)out;; to += broadcast.blocks.count * broadcast.blocks.length) {
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
