#pragma once

#include "base/error.h"
#include "features/raw.h"
#include "features/sample_shape.h"
#include "features/setting_info.h"

namespace dragonet {

/// How sounds become a model's input, a row of it for each frame; kept in the model's metadata, so that the chip
/// computes what training saw.
struct SoundFeatureSettings {
  static constexpr const char* name = "sound";  // of the kind

  enum Kind { log_mel, mfcc, pcen };
  Kind kind = log_mel;
  int sample_rate_hz = 0;                      // 0: no sound features
  int window_samples = 16000;                  // what one answer is about
  int frame_samples = 512, hop_samples = 320;  // at 16 kHz: 32 ms every 20 ms
  int bands = 40;                              // on the mel scale, from low_hz to high_hz
  int low_hz = 60, high_hz = 7600;
  int coefficients = 13;             // of mfcc
  double low_db = -80, high_db = 0;  // a band's level that becomes -128, and 127; 0 dB is a sine of full scale
  int stride_samples = 0;            // between the windows of a long recording; 0: one, where it is loudest

  int rows() const { return 1 + (window_samples - frame_samples) / hop_samples; }
  int columns() const { return kind == mfcc ? coefficients : bands; }
  bool operator==(const SoundFeatureSettings&) const = default;

  FeatureShape shape() const { return {rows(), columns(), 1}; }
  FeatureScale scale() const { return {}; }
  SensorReadings readings() const {
    return {.rate_hz = double(sample_rate_hz), .axes = 1, .window = window_samples, .a_row = hop_samples};
  }
};

/// Settings that do not go together, in words; `where` is left empty. Ranges of single ones are visit_settings'.
std::vector<Problem> problems_of(const SoundFeatureSettings& settings);

/// The model's input for a sample, and all rows that a listening chip makes of a recording: features.h.
std::vector<std::int8_t> features_of(const Raw& raw, const SoundFeatureSettings& settings);
std::vector<std::int8_t> listened_features(const Readings& readings, const SoundFeatureSettings& settings);

/// visit(const SettingInfo&, value) for each. Values are int, double, bool, enumerations with words, and lists of
/// strings or doubles.
template <SettingsOf<SoundFeatureSettings> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"features",
         0,
         2,
         "log_mel; mfcc: their cosine transform; pcen: each band against its own past",
         {"log_mel", "mfcc", "pcen"}},
        s.kind);
  visit({"sample_rate_hz", 1000, 48000, "recordings of any rate are resampled to it"}, s.sample_rate_hz);
  visit({"window_samples", 64, 1 << 22, "what one answer is about; shorter recordings are padded with silence"},
        s.window_samples);
  visit({"stride_samples", 0, 1 << 22, "between the windows of a longer recording; 0: only the loudest window"},
        s.stride_samples);
  visit({"frame_samples", 32, 2048, "of each frame, which becomes a row of the model's input"}, s.frame_samples);
  visit({"hop_samples", 1, 1 << 20, "from frame to frame"}, s.hop_samples);
  visit({"bands", 4, 128, "on the mel scale"}, s.bands);
  visit({"low_hz", 0, 24000, "where the lowest band begins"}, s.low_hz);
  visit({"high_hz", 1, 24000, "where the highest ends"}, s.high_hz);
  visit({"coefficients", 1, 128, "of mfcc"}, s.coefficients);
  visit({"low_db", -200, 100, "the level that becomes 0, of a sine of full scale"}, s.low_db);
  visit({"high_db", -200, 100, "the level that becomes 1"}, s.high_db);
}

}  // namespace dragonet
