#pragma once

#include <string>
#include <vector>

#include "data/dataset.h"

namespace dragonet {

/// Labels that would be told from the rate at which their files were recorded, which says nothing of what they hold.
///   recorded_hz  of each sample; 0: it has none
std::vector<std::string> rate_warnings(const Dataset& dataset, const std::vector<double>& recorded_hz);

/// Labels that differ only in capitals or in how Unicode composes their letters: one, probably, and taken for two.
std::vector<std::string> label_warnings(const std::vector<std::string>& labels);

/// The same sample under two labels. `hashes` of what each sample holds; "": it could not be read.
std::vector<std::string> contradiction_warnings(const Dataset& dataset, const std::vector<std::string>& hashes);

}  // namespace dragonet
