#pragma once

#include "data/motion.h"

namespace dragonet {

/// Ranges of recordings that lie in a folder of samples itself, not in a label's folder.
struct LooseRecordings {
  std::vector<NamedRange> ranges;  // files relative to the folder
  std::vector<std::string> notes;  // files that were left out, and why
};

/// Labels come from labels.csv (see read_motion_labels) and, for files that it does not name, from their own column of
/// labels, as `own` reads it. `rate_hz`: of recordings without times; 0: all have times. `must_fit`: throws Error for a
/// file that cannot be used; otherwise, beside folders of labels, there may be other files too, and a note is left.
LooseRecordings loose_recordings(const fs::path& folder, double rate_hz, bool must_fit,
                                 LabelledRanges own = labelled_readings);

}  // namespace dragonet
