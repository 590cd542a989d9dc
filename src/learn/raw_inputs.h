#pragma once

#include <vector>

#include "base/files.h"
#include "model/model.h"

namespace dragonet {

/// Of these tensors of the model, back to back.
std::size_t bytes_of(const Model& model, const std::vector<int>& tensors);

/// A file of the model's own input tensors, raw, back to back. Throws Error if it does not hold a whole number of them.
std::vector<Bytes> read_raw_inputs(const fs::path& file, const Model& model);

}  // namespace dragonet
