// What operators make of small constants that say shapes: sides, sizes, axes, and the arithmetic that converters leave
// between them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/model.h"

namespace dragonet {

/// Numbers of any type, as doubles, which hold every int32 and every side of a shape.
struct Numbers {
  Shape shape;
  std::vector<double> values;
};

inline constexpr std::int64_t most_numbers = 4096;  // in one tensor: what is larger says no shape

bool works_on_numbers(const std::string& op);

/// The output of a node, given its inputs; none where it cannot be worked out.
std::optional<Numbers> result_of(const Node& node, const std::vector<Numbers>& inputs);

}  // namespace dragonet
