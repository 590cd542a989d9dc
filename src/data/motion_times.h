#pragma once

#include "data/motion.h"

namespace dragonet {

/// Readings as a file has them, before they are evenly spaced.
struct TimedReadings {
  std::string source;
  std::vector<std::string> axes, units;
  std::vector<double> times_s;      // of each reading; empty: the file gives none
  std::vector<float> values;        // [readings, axes]
  std::vector<std::string> labels;  // the labels that occur
  std::vector<int> label_of;        // of each reading, into `labels`; -1: none. Empty: no reading has one
  std::vector<int> lines;           // of the file, for messages; of each reading
  std::vector<std::string> notes;
  std::vector<std::string> left_out;  // as MotionRecording has them

  std::size_t readings() const { return axes.empty() ? 0 : values.size() / axes.size(); }
};

/// Spaces the readings evenly. `rate_hz` 0: the median interval says it. Repeated times are averaged (or spread, where
/// the clock is too coarse), a few that are out of order are sorted, gaps are bridged by straight lines; notes say so.
/// Throws Error: no times and no rate, a time that goes far back, gaps larger than all of the readings.
MotionRecording evenly_spaced(TimedReadings timed, double rate_hz);

}  // namespace dragonet
