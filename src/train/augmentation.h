#pragma once

#include <variant>

#include "features/setting_info.h"

namespace at {  // LibTorch's, which only the trainer includes
class Tensor;
struct Generator;
}  // namespace at

namespace dragonet {

// How samples are changed, each anew in every epoch, so that few teach as much as many: into what the same thing could
// have been recorded as, and no further.

struct ImageAugmentation {
  static constexpr bool mixes_background = false;  // with recordings of silence

  double shift = 0.08;      // at most this fraction of the width and height, either way
  bool flip = true;         // left to right
  double zoom = 0.1;        // larger or smaller by at most this fraction
  double rotation = 10;     // degrees, at most, either way
  double brightness = 0.1;  // added to all pixels, at most, either way; reals 0..1
  double contrast = 0.1;
  double hue = 20;          // degrees on the wheel of colours, at most, either way
  double saturation = 0.3;  // paler or stronger colours, by at most this fraction
  double noise = 0.02;      // standard deviation of Gaussian noise
  double cut_out = 0.3;     // a square of at most this fraction of the width and height is hidden
};

/// Of log-mel energies: rows of bands, reals 0..1. Cepstral coefficients are no levels of bands: give those no gain and
/// no noise.
struct SoundAugmentation {
  static constexpr bool mixes_background = true;  // with recordings of silence

  double low_db = -80, high_db = 0;             // the levels that 0 and 1 stand for
  double shift = 0.1;                           // in time, at most this fraction of the window, either way
  double gain_db = 6;                           // at most, either way
  double noise = 0.5;                           // this share of the samples gets background noise
  double least_snr_db = 5, most_snr_db = 30;    // the sample's mean power above the noise's
  double mask_frames = 0.1, mask_bands = 0.15;  // at most this fraction of the frames, and of the bands, is hidden
};

/// Of readings [window, 1, axes].
struct MotionAugmentation {
  static constexpr bool mixes_background = false;  // with recordings of silence

  double shift = 0.1;    // in time, at most this fraction of the window, either way
  double stretch = 0.1;  // of time: at most this much slower or faster
  double gain = 0.1;     // of all axes together
  double noise = 0.05;   // standard deviation, as a fraction of each axis' own
  double rotation = 10;  // degrees, at most, about any axis; turns each three axes together, as another grip would
};

/// Of a table's columns, [1, 1, columns].
struct TableAugmentation {
  static constexpr bool mixes_background = false;  // with recordings of silence

  double noise = 0.02;  // standard deviation of Gaussian noise; columns go from -1 to 1
};

using Augmentation = std::variant<ImageAugmentation, SoundAugmentation, MotionAugmentation, TableAugmentation>;

// visit(const SettingInfo&, value) for each setting of [augment] in dragonet.toml.

template <SettingsOf<ImageAugmentation> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"shift", 0, 1, "at most this fraction of the width, either way"}, s.shift);
  visit({"flip", 0, 1, "left to right"}, s.flip);
  visit({"zoom", 0, 0.9, "larger or smaller by at most this fraction"}, s.zoom);
  visit({"rotation", 0, 180, "degrees, at most, either way"}, s.rotation);
  visit({"brightness", 0, 1, "at most, either way; 1 is from black to white"}, s.brightness);
  visit({"contrast", 0, 1, ""}, s.contrast);
  visit({"hue", 0, 180, "degrees on the wheel of colours, at most, either way"}, s.hue);
  visit({"saturation", 0, 1, "paler or stronger colours, by at most this fraction"}, s.saturation);
  visit({"noise", 0, 1, "standard deviation"}, s.noise);
  visit({"cut_out", 0, 1, "a square of at most this fraction of the width is hidden"}, s.cut_out);
}

template <SettingsOf<SoundAugmentation> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"shift", 0, 1, "in time, at most this fraction of the window, either way"}, s.shift);
  visit({"gain_db", 0, 60, "louder or softer by at most so much"}, s.gain_db);
  visit({"noise", 0, 1, "this share of the sounds gets background noise"}, s.noise);
  visit({"least_snr_db", -60, 100, "by how much the sound is louder than that noise"}, s.least_snr_db);
  visit({"most_snr_db", s.least_snr_db, 100, ""}, s.most_snr_db);
  visit({"mask_frames", 0, 1, "at most this fraction of the frames is hidden, and of the bands"}, s.mask_frames);
  visit({"mask_bands", 0, 1, ""}, s.mask_bands);
}

template <SettingsOf<MotionAugmentation> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"shift", 0, 1, "in time, at most this fraction of the window, either way"}, s.shift);
  visit({"stretch", 0, 0.9, "faster or slower by at most this fraction"}, s.stretch);
  visit({"gain", 0, 1, "stronger or weaker by at most this fraction"}, s.gain);
  visit({"noise", 0, 1, "standard deviation, as a fraction of each axis' own"}, s.noise);
  visit({"rotation", 0, 180, "degrees, at most, about any axis: another grip"}, s.rotation);
}

template <SettingsOf<TableAugmentation> Settings>
void visit_settings(Settings& s, auto visit) {
  visit({"noise", 0, 1, "standard deviation; a column goes from -1 to 1"}, s.noise);
}

// Each kind's own, in train/augment_<kind>_late.cpp. `is_off`: it would change nothing.
bool is_off(const ImageAugmentation& augmentation);
at::Tensor augmented(const at::Tensor& samples, const ImageAugmentation& augmentation, const at::Generator& random,
                     const at::Tensor& noise);
bool is_off(const SoundAugmentation& augmentation);
at::Tensor augmented(const at::Tensor& samples, const SoundAugmentation& augmentation, const at::Generator& random,
                     const at::Tensor& noise);
bool is_off(const MotionAugmentation& augmentation);
at::Tensor augmented(const at::Tensor& samples, const MotionAugmentation& augmentation, const at::Generator& random,
                     const at::Tensor& noise);
bool is_off(const TableAugmentation& augmentation);
at::Tensor augmented(const at::Tensor& samples, const TableAugmentation& augmentation, const at::Generator& random,
                     const at::Tensor& noise);

}  // namespace dragonet
