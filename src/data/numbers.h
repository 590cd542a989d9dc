#pragma once

#include "data/dataset.h"

namespace dragonet {

/// The list of a folder's numbers: a column `file`, with paths relative to the folder, and a column for each number.
inline constexpr const char* number_list = "labels.csv";

/// Recordings and the numbers that a regression is to find in them: those that labels.csv names, where it lies in the
/// folder; otherwise every folder's recordings have the folder's name as their number: 20/a.csv, 25.5/b.csv.
/// Without groups. Throws Error: neither is there, a name that is no number, a file that is missing or outside.
Dataset numbered_samples(const fs::path& folder);

/// The range of one of Dataset::outputs over all samples.
struct NumberRange {
  std::string name;
  double least = 0, mean = 0, most = 0;
};
std::vector<NumberRange> number_ranges(const Dataset& dataset);

}  // namespace dragonet
