#pragma once

#include "model/model.h"

namespace dragonet {

/// A node with many outputs makes one row of each in a step, so they must have as many rows. Where a SPLIT_V's do not,
/// slices of its input take its place, one for each part.
Model cut_uneven_parts(const Model& model);

}  // namespace dragonet
