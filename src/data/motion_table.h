#pragma once

#include "data/motion_times.h"

namespace dragonet {

/// Readings of a comma-, tab- or semicolon-separated file, with a header or none. Throws Error with line and column:
/// cells that are no numbers, ragged rows, no axis.
TimedReadings read_motion_table(const fs::path& path);

/// True if the values grow in steps none of which exceeds three times the mean step. No sensor's axis does, so it is a
/// time.
bool looks_like_time(const std::vector<double>& numbers);

/// "s", "ms", "us" or "ns", by how far apart times are.
std::string guessed_time_unit(const std::vector<double>& times);

/// What an axis is called where the file says nothing: x, y, z of three, otherwise a1, a2, ...
std::string default_axis_name(std::size_t axis, std::size_t axes);

}  // namespace dragonet
