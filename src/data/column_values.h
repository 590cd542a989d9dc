#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// True if the values grow in steps none of which exceeds three times the mean step. No sensor's axis does, so it is a
/// time.
bool looks_like_time(const std::vector<double>& numbers);

/// True if nearly all steps from row to row are 1, or -1: rows, packets or frames are counted, perhaps from 0 again now
/// and then.
bool counts_up(const std::vector<double>& numbers);

/// True if the values follow `times` along a straight line: another clock.
bool runs_with(const std::vector<double>& numbers, const std::vector<double>& times);

/// "s", "ms", "us" or "ns" for times since 1970, of the years 2001 to 2033; "": they are none.
std::string unix_time_unit(const std::vector<double>& numbers);

/// "s", "ms", "us" or "ns": of times since 1970 by their size, of others by how far apart they are.
std::string guessed_time_unit(const std::vector<double>& times);

/// The median of the steps that are not 0; 0: there are none.
double median_step(const std::vector<double>& numbers);

}  // namespace dragonet
