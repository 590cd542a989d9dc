#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "features/raw.h"
#include "features/sample_shape.h"
#include "features/setting_info.h"

namespace dragonet {

/// How readings of a motion sensor become a model's input; kept in the model's metadata, so that the chip computes what
/// training saw. A reading is one int16 for each axis: 32768 stands for full_scale.
struct MotionFeatureSettings {
  static constexpr const char* name = "motion";  // of the kind

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

  FeatureShape shape() const { return {rows(), 1, columns()}; }
  FeatureScale scale() const { return {.zero_point = 0, .steps = 128}; }
  SensorReadings readings() const {
    return {.rate_hz = rate_hz,
            .axes = static_cast<int>(axes.size()),
            .window = window_samples,
            .a_row = kind == spectral ? stride() : 1};
  }
};

/// Settings that do not go together, in words; `where` is left empty. Ranges of single ones are visit_settings'.
std::vector<Problem> problems_of(const MotionFeatureSettings& settings);

/// The model's input for a sample, and all rows that a listening chip makes of a recording: features.h.
std::vector<std::int8_t> features_of(const Raw& raw, const MotionFeatureSettings& settings);
std::vector<std::int8_t> listened_features(const Readings& readings, const MotionFeatureSettings& settings);

/// visit(const SettingInfo&, value) for each. Values are int, double, bool, enumerations with words, and lists of
/// strings or doubles.
template <SettingsOf<MotionFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit(
      {"features", 0, 1, "raw: the readings themselves; spectral: strengths of their frequencies", {"raw", "spectral"}},
      s.kind);
  visit({"rate_hz", 0.01, 1e5, "of readings; recordings of other rates are resampled to it"}, s.rate_hz);
  visit({"axes", 0, 0, "names of the columns"}, s.axes);
  visit({"full_scale", 1e-9, 1e9, "of each axis, in the recordings' unit: what a reading is at most"}, s.full_scale);
  visit({"window_samples", 4, 1 << 16, "readings that one answer is about"}, s.window_samples);
  visit({"stride_samples", 0, 1 << 16, "between the windows of a longer recording; 0: half a window"},
        s.stride_samples);
  visit({"units", 0, 0, "of the axes; recordings in others are refused"}, s.units);
  visit({"filter", 0, 2, "before spectral features", {"none", "low_pass", "high_pass"}}, s.filter);
  visit({"cutoff_hz", 0, 1e5, "of the filter"}, s.cutoff_hz);
  visit({"bands", 1, 64, "of the spectrum, for each axis"}, s.bands);
  visit({"peaks", 0, 8, "of the spectrum, for each axis: frequency and level"}, s.peaks);
}

}  // namespace dragonet
