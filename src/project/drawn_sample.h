#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// Pictures of samples that are no pictures themselves, as SVG files of their own; for the report.

/// Values over time, or over frequency, a curve for each name, on one scale that fits them all.
///   values  [names, steps]
Bytes drawn_curves(const std::vector<std::string>& names, const std::vector<std::vector<double>>& values);

/// One number for each name, -1..1, as bars from the middle to the left or right.
Bytes drawn_bars(const std::vector<std::string>& names, const std::vector<double>& values);

}  // namespace dragonet
