#pragma once

#include "data/jpeg_check.h"

namespace dragonet {

/// Follows the entropy coding of a JPEG in one scan, as nearly all are, to its last bit. A decoder only looks whether
/// it is given enough; damage in the middle shows in numbers that cannot be, or in bits that are too many at the end.
/// None: it is sound, or of another kind than this looks at.
JpegFaults scan_faults(const Bytes& file);

}  // namespace dragonet
