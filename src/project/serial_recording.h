#pragma once

#include <string>
#include <vector>

#include "base/files.h"
#include "base/observer.h"

namespace dragonet {

struct RecordOptions {
  fs::path port;
  std::string label;
  double seconds = 0;  // 0: until the observer wants it to stop
  double rate_hz = 0;  // of the sensor, where the board sends no times; 0: as they come
  int baud = 115200;
  std::vector<std::string> axes = {}, units = {};  // the project's, which are to come; no axes: whatever comes
};

struct LiveRecording {
  fs::path file;  // samples/<label>/<label>-001.csv, or the next number
  std::size_t readings = 0;
  double seconds = 0;  // that it was listened for
  int skipped = 0;     // lines that were no reading
  bool unplugged = false;
};

/// Records what a board sends, a line for each reading, into the project's samples. Being asked to stop and
/// unplugging end it and keep what came. Throws Error: a bad label, a port that cannot be opened, no reading at all,
/// or other axes than the project's, which is told as soon as it is seen.
LiveRecording record_live(const fs::path& samples, const RecordOptions& options, const Observer& observer = {});

}  // namespace dragonet
