#pragma once

#include "base/observer.h"
#include "base/outcome.h"
#include "project/runs.h"

namespace dragonet {

/// The project's trainings as a table, or, of those that are numbered, what they differ in; of one, all its settings.
///   folder  the project's
/// Throws Error for a number that no run has.
Outcome runs_outcome(const fs::path& folder, const std::vector<int>& numbers, const Observer& observer = {});

}  // namespace dragonet
