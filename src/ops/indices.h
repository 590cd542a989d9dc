// Index arithmetic for references: slow and obvious.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "ops/operator.h"

namespace dragonet {

/// One number a dimension.
using Index = std::vector<int>;

inline std::int64_t position_of(const Shape& shape, const Index& index) {
  std::int64_t position = 0;
  for (std::size_t d = 0; d < shape.size(); ++d) position = position * shape[d] + index[d];
  return position;
}

/// Every index of the shape, in the order of the values.
template <typename Visit>
void for_each_index(const Shape& shape, Visit visit) {
  Index index(shape.size());
  for (std::int64_t left = element_count(shape); left > 0; --left) {
    visit(index);
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
}

/// Each output value is the input's at source(index of the output), an optional: where there is none, it stays.
template <typename Source>
void move_values(const Model& model, TensorBytes& bytes, int input, int output, Source source) {
  const Shape &in = model.tensors[input].shape, &out = model.tensors[output].shape;
  const auto size = static_cast<std::ptrdiff_t>(size_of(model.tensors[output].dtype));
  for_each_index(out, [&](const Index& index) {
    const std::optional<Index> from = source(index);
    if (from)
      std::copy_n(bytes[input].begin() + size * position_of(in, *from), size,
                  bytes[output].begin() + size * position_of(out, index));
  });
}

}  // namespace dragonet
