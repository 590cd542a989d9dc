#pragma once

#include "data/motion.h"
#include "data/sample_folder.h"

namespace dragonet {

/// The list in a folder that Edge Impulse exports: which label each file has, and whether it trains or tests.
inline constexpr const char* export_list = "info.labels";
bool is_export(const fs::path& folder);

struct ExportedSample {
  fs::path path;  // relative to the folder
  MotionRange range;
  bool tests = false;
};

struct Exported {
  std::vector<ExportedSample> samples;
  std::vector<std::string> notes;
};

/// Files with one label, and recordings of motion with several. What has none, is switched off, or is not there is left
/// out with a note. `rate_hz`: of recordings without times. Throws Error: no list of this kind, no label in it.
Exported exported_samples(const fs::path& folder, double rate_hz);

}  // namespace dragonet
