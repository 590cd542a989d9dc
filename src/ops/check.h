#pragma once

#include "model/model.h"

namespace dragonet {

/// Throws Error that names every node which Dragonet cannot run, and why, all at once. After it, references, row rules
/// and emitters may rely on shapes, dtypes and attributes.
void check_supported(const Model& model);

}  // namespace dragonet
