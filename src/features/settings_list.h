// Every setting of features once, with its range and what a person is told of it: dragonet.toml and the metadata of
// models are both read and written by these lists.
#pragma once

#include <concepts>
#include <type_traits>

#include "features/settings.h"

namespace dragonet {

struct SettingInfo {
  const char* name;
  double least, most;
  const char* comment;
  std::vector<const char*> words = {};  // of an enumeration, in order
};

template <typename Settings, typename Kind>
concept SettingsOf = std::same_as<std::remove_const_t<Settings>, Kind>;

/// visit(const SettingInfo&, value) for each. Values are int, double, bool, enumerations with words, and lists of
/// strings or doubles.
template <SettingsOf<ImageFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"width", 1, 65535, "of the model's input; pictures of any size are averaged down to it"}, s.width);
  visit({"height", 1, 65535, ""}, s.height);
  visit({"channels", 1, 3, "1 grey, 3 colour"}, s.channels);
  visit({"background", 0, 255, "grey behind transparent pixels and beside pictures that are not square"}, s.background);
}

template <SettingsOf<SoundFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"features",
         0,
         2,
         "log_mel; mfcc: their cosine transform; pcen: each band relative to its recent mean",
         {"log_mel", "mfcc", "pcen"}},
        s.kind);
  visit({"sample_rate_hz", 1000, 48000, "recordings of any rate are resampled to it"}, s.sample_rate_hz);
  visit({"window_samples", 64, 1 << 22, "samples that one answer is about; shorter recordings are padded with silence"},
        s.window_samples);
  visit({"stride_samples", 0, 1 << 22, "between the windows of a longer recording; 0: only the loudest window"},
        s.stride_samples);
  visit({"frame_samples", 32, 2048, "of each frame, which becomes a row of the model's input"}, s.frame_samples);
  visit({"hop_samples", 1, 1 << 20, "from frame to frame"}, s.hop_samples);
  visit({"bands", 4, 128, "on the mel scale"}, s.bands);
  visit({"low_hz", 0, 24000, "where the lowest band begins"}, s.low_hz);
  visit({"high_hz", 1, 24000, "where the highest ends"}, s.high_hz);
  visit({"coefficients", 1, 128, "of mfcc"}, s.coefficients);
  visit({"low_db", -200, 100, "the level that becomes 0; 0 dB is a sine of full scale"}, s.low_db);
  visit({"high_db", -200, 100, "the level that becomes 1"}, s.high_db);
}

template <SettingsOf<MotionFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit(
      {"features", 0, 1, "raw: the readings themselves; spectral: strengths of their frequencies", {"raw", "spectral"}},
      s.kind);
  visit({"rate_hz", 0.01, 1e5, "of readings; recordings of other rates are resampled to it"}, s.rate_hz);
  visit({"axes", 0, 0, "names of the columns"}, s.axes);
  visit({"full_scale", 1e-9, 1e9, "largest value of each axis, in the recordings' unit"}, s.full_scale);
  visit({"window_samples", 4, 1 << 16, "readings that one answer is about"}, s.window_samples);
  visit({"stride_samples", 0, 1 << 16, "between the windows of a longer recording; 0: half a window"},
        s.stride_samples);
  visit({"units", 0, 0, "of the axes; recordings in other units are refused"}, s.units);
  visit({"filter", 0, 2, "before spectral features", {"none", "low_pass", "high_pass"}}, s.filter);
  visit({"cutoff_hz", 0, 1e5, "of the filter"}, s.cutoff_hz);
  visit({"bands", 1, 64, "of the spectrum, for each axis"}, s.bands);
  visit({"peaks", 0, 8, "of the spectrum, for each axis: frequency and level"}, s.peaks);
}

template <SettingsOf<AnswerSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"every_samples", 0, 1 << 22,
         "readings between inferences; 0: a window of sound, a quarter of a window of movement"},
        s.every_samples);
  visit({"average", 1, 16, "inferences whose scores are averaged"}, s.average);
  visit({"threshold", 0, 1, "a mean score below it gives no answer"}, s.threshold);
  visit({"debounce", 1, 100, "a new answer must be the best so many times in a row"}, s.debounce);
}

}  // namespace dragonet
