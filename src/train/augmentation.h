#pragma once

#include <variant>

namespace dragonet {

// How samples are changed, each anew in every epoch, so that few teach as much as many: into what the same thing could
// have been recorded as, and no further.

struct ImageAugmentation {
  double shift = 0.08;      // at most this fraction of the width and height, either way
  bool flip = true;         // left to right
  double brightness = 0.1;  // added to all pixels, at most, either way; reals 0..1
  double contrast = 0.1;
  double noise = 0.02;  // standard deviation of Gaussian noise
};

/// Of log-mel energies: rows of bands, reals 0..1. Cepstral coefficients are no levels of bands: give those no gain and
/// no noise.
struct SoundAugmentation {
  double low_db = -80, high_db = 0;             // the levels that 0 and 1 stand for
  double shift = 0.1;                           // in time, at most this fraction of the window, either way
  double gain_db = 6;                           // at most, either way
  double noise = 0.5;                           // this share of the samples gets background noise
  double least_snr_db = 5, most_snr_db = 30;    // the sample's mean power above the noise's
  double mask_frames = 0.1, mask_bands = 0.15;  // at most this fraction of the frames, and of the bands, is hidden
};

/// Of readings [window, 1, axes].
struct MotionAugmentation {
  double shift = 0.1;    // in time, at most this fraction of the window, either way
  double stretch = 0.1;  // of time: at most this much slower or faster
  double gain = 0.1;     // of all axes together
  double noise = 0.05;   // standard deviation, as a fraction of each axis' own
  double rotation = 10;  // degrees, at most, about any axis; turns each three axes together, as another grip would
};

using Augmentation = std::variant<ImageAugmentation, SoundAugmentation, MotionAugmentation>;

}  // namespace dragonet
