#pragma once

#include "model/model.h"

namespace dragonet {

/// Nodes that see nothing but constants run here, once, and what they make becomes a constant. The model must have
/// passed check_supported.
[[nodiscard]] Model fold_constants(const Model& model);

}  // namespace dragonet
