#pragma once

#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

/// A file of the model's own input tensors, raw, back to back. Throws Error if it does not hold a whole number of them.
std::vector<Bytes> read_raw_inputs(const fs::path& file, const Model& model);

}  // namespace dragonet
