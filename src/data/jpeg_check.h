#pragma once

#include <string>

#include "base/files.h"

namespace dragonet {

/// What libjpeg has to say against a file that it decodes all the same. Decoders fill what is missing with grey, or
/// with the rows above, and count a warning that nobody sees.
struct JpegFaults {
  std::string damage;   // pixels are missing or wrong; "": none are
  std::string oddness;  // something else is not as it should be
};
JpegFaults jpeg_faults(const Bytes& file);  // which begins as a JPEG does

}  // namespace dragonet
