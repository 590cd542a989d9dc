#pragma once

namespace dragonet {

/// How sounds become a model's input, a row of it for each frame; kept in the model's metadata, so that the chip
/// computes what training saw.
struct SoundFeatureSettings {
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
};

}  // namespace dragonet
