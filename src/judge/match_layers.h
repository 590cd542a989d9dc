#pragma once

#include <vector>

#include "model/model.h"

namespace dragonet {

/// For each node of B the node of A that makes the same, or -1. In order: what is matched later in B lies later in A.
/// Names of the outputs weigh most, then operators; values of another number never match.
std::vector<int> match_layers(const Model& a, const Model& b);

}  // namespace dragonet
