#pragma once

#include <nlohmann/json.hpp>

#include "base/files.h"

namespace dragonet {

/// Reads JSON, or CBOR with whatever stands behind it. Throws Error: none, more than 64 MB, nested deeper than 16
/// levels, which would overflow the stack of who walks through it.
nlohmann::json shallow_json(const fs::path& path, bool is_cbor);

}  // namespace dragonet
