#pragma once

#include <string>
#include <vector>

namespace dragonet {

/// How readings of a motion sensor become a model's input; kept in the model's metadata, so that the chip computes what
/// training saw. A reading is one int16 for each axis: 32768 stands for full_scale.
struct MotionFeatureSettings {
  enum Kind { raw, spectral };
  enum Filter { none, low_pass, high_pass };
  Kind kind = raw;
  double rate_hz = 0;              // of readings; 0: no motion features
  std::vector<std::string> axes;   // "ax", "ay": names of the columns, in the order of the readings
  std::vector<double> full_scale;  // of each axis, in the recordings' own unit
  int window_samples = 0;          // what one answer is about
  int stride_samples = 0;          // from one window to the next; 0: half a window
  std::vector<std::string> units;  // of each axis, "" where recordings say none; empty: not checked

  // Of spectral features, for each axis: its level, the levels of `bands`, frequency and level of the highest `peaks`.
  Filter filter = none;
  double cutoff_hz = 0;  // of the filter, from rate / 1000 to 0.35 rate
  int bands = 8;         // of the spectrum, from above 0 to half the rate; they widen evenly
  int peaks = 2;

  int stride() const { return stride_samples > 0 ? stride_samples : (window_samples + 1) / 2; }
  int rows() const { return kind == raw ? window_samples : 1; }  // of the model's input
  int columns() const { return static_cast<int>(axes.size()) * (kind == raw ? 1 : 1 + bands + 2 * peaks); }
  bool operator==(const MotionFeatureSettings&) const = default;
};

}  // namespace dragonet
