#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/files.h"

namespace dragonet {

/// A part of a recording that somebody gave a label. Seconds from the recording's first reading.
struct MotionRange {
  double first_s = 0, last_s = 0;
  std::string label;
  bool operator==(const MotionRange&) const = default;
};

/// Readings of a motion sensor, evenly spaced.
struct MotionRecording {
  std::string source;  // the file, for messages
  double rate_hz = 0;
  double recorded_hz = 0;                  // before it was brought to rate_hz
  std::vector<std::string> axes;           // "ax", "ay": names without their unit
  std::vector<std::string> units;          // "m/s2"; "" where the file says none
  std::vector<float> values;               // [readings, axes]
  std::vector<MotionRange> labelled;       // from a column of labels, in order; parts without a label are not in it
  std::vector<std::string> notes = {};     // what was guessed, filled in or left out, a sentence each
  std::vector<std::string> left_out = {};  // columns that by their values, or their names, are no readings

  std::size_t readings() const { return axes.empty() ? 0 : values.size() / axes.size(); }
  double seconds() const { return rate_hz > 0 ? static_cast<double>(readings()) / rate_hz : 0; }
};

struct MotionReadOptions {
  double rate_hz = 0;  // what the recording shall have, and what a file without times has; 0: as the times say
  std::vector<std::string> axes = {};  // columns that are axes for certain, whatever they look like
};

/// By its name: .csv, .tsv, .txt, .json or .cbor.
bool is_motion_file(const fs::path& path);

/// Reads a recording: comma-, tab- or semicolon-separated text, or Edge Impulse's JSON or CBOR
/// (docs/motion-recordings.md). Throws Error, with line and column: what cannot be a recording.
MotionRecording read_motion(const fs::path& path, const MotionReadOptions& options = {});

/// The readings from `first_s` until before `last_s`; 0, 0: all. At least one reading. Ranges of labels are left out.
MotionRecording part_of(const MotionRecording& recording, double first_s, double last_s);

/// At another rate: straight lines between readings, or the means of these lines where the rate goes down.
MotionRecording at_rate(MotionRecording recording, double rate_hz);

/// The ranges of a file's own labels; none where it has no column of labels. `rate_hz`: where it has no times.
using LabelledRanges = std::vector<MotionRange> (*)(const fs::path& path, double rate_hz);
std::vector<MotionRange> labelled_readings(const fs::path& path, double rate_hz);  // of a recording of motion

using NamedRange = std::pair<std::string, MotionRange>;  // of a file; 0, 0: all of it

/// A list of ranges: columns file and label, start and end in seconds (start_s) or milliseconds (start_ms).
/// Throws Error with line and column.
std::vector<NamedRange> read_motion_labels(const fs::path& path);

}  // namespace dragonet
