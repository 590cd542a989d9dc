#pragma once

#include "data/dataset.h"

namespace dragonet {

/// The list of a regression's numbers in their folder: a column `file`, with paths relative to the folder, and a column
/// for each number.
inline constexpr const char* number_list = "labels.csv";

/// The range of one of Dataset::outputs over all samples.
struct NumberRange {
  std::string name;
  double least = 0, mean = 0, most = 0;
};
std::vector<NumberRange> number_ranges(const Dataset& dataset);

}  // namespace dragonet
