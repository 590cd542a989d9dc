#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// How readings of a motion sensor become a model's input; kept in the model's metadata, so that the chip computes what
/// training saw. A reading is one int16 for each axis: 32768 stands for full_scale.
struct MotionFeatureSettings {
  enum Kind { raw, spectral };
  Kind kind = raw;
  double rate_hz = 0;              // of readings; 0: no motion features
  std::vector<std::string> axes;   // "ax", "ay": names of the columns, in the order of the readings
  std::vector<double> full_scale;  // of each axis, in the recordings' own unit
  int window_samples = 0;          // what one answer is about
  bool operator==(const MotionFeatureSettings&) const = default;
};

}  // namespace dragonet
