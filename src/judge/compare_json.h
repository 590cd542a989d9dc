#pragma once

#include "base/json.h"
#include "judge/compare.h"

namespace dragonet {

/// {equal, a, b?, vectors, exact?, first_difference?: {layer, what, next}, differences, remarks, notes,
/// layers: [{name, op, shape, sqnr_db, equal, ...}]}
Json comparison_json(const FullComparison& full);

}  // namespace dragonet
