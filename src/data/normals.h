#pragma once

#include "data/dataset.h"

namespace dragonet {

/// The labels of a dataset for anomalies: the model learns what is normal; anomalies only test it.
inline constexpr int normal_label = 0, anomaly_label = 1;

/// Recordings of what is normal: those below folder/normal or, where there is no such folder, the files in the folder
/// itself. Those below every other folder are anomalies, of which there may be none. Without groups.
/// Throws Error if nothing is normal.
Dataset normal_samples(const fs::path& folder);

}  // namespace dragonet
