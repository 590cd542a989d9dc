#pragma once

#include <vector>

#include "base/observer.h"
#include "project/run_summary.h"

namespace dragonet {

/// The project's runs, by number: the rows of runs/runs.sqlite, after they were made to agree with the folders, which
/// are the truth. A run whose process is gone without a word is `interrupted`. A database that is damaged, or cannot
/// be written, is told and costs nothing: its rows are made of the folders.
std::vector<RunSummary> list_runs(const fs::path& project_folder, const Observer& observer = {});

/// Puts the run's row into the index, in a transaction; its folder must say the same already. If that fails it is told,
/// and the next list mends it.
void index_run(const RunSummary& summary, const Run& run, const Observer& observer = {});

/// Its entry n is locked while run n trains.
fs::path run_lock_file(const fs::path& runs_folder);

}  // namespace dragonet
