#pragma once

#include "data/motion_times.h"

namespace dragonet {

/// Readings of a comma-, tab- or semicolon-separated file, with a header or none. `axes` are columns of readings
/// whatever they look like. Throws Error with line and column: cells that are no numbers, ragged rows, no axis.
TimedReadings read_motion_table(const fs::path& path, const std::vector<std::string>& axes = {});

/// What an axis is called where the file says nothing: x, y, z of three, otherwise a1, a2, ...
std::string default_axis_name(std::size_t axis, std::size_t axes);

}  // namespace dragonet
