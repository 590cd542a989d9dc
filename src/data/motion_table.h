#pragma once

#include "data/motion_times.h"

namespace dragonet {

/// Readings of a comma-, tab- or semicolon-separated file, with a header or none. Throws Error with line and column:
/// cells that are no numbers, ragged rows, no axis.
TimedReadings read_motion_table(const fs::path& path);

}  // namespace dragonet
