#pragma once

#include "base/files.h"

namespace dragonet {

bool is_png(const Bytes& file);

/// A PNG with only those of its chunks that pixels depend on: libpng writes what it thinks of the others to stderr.
/// Throws Error, with `where`, for one that is cut off or damaged: its chunks have lengths and checksums.
Bytes pixel_chunks(const Bytes& file, const std::string& where);

}  // namespace dragonet
