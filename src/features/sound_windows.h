#pragma once

#include <span>
#include <vector>

#include "data/sound.h"
#include "features/sound_settings.h"

namespace dragonet {

/// The windows of a recording that a model takes, each of window_samples. They begin every stride_samples, and the last
/// one ends with the recording; where stride_samples is 0, there is only the loudest window. A recording that is
/// shorter than a window is padded with silence on both sides.
std::vector<std::vector<std::int16_t>> sound_windows(std::span<const std::int16_t> samples,
                                                     const SoundFeatureSettings& settings);

/// Settings to begin with: 16 kHz, or less where all examples have less; the window as long as most of them; levels
/// from those of the quietest and the loudest frames.
SoundFeatureSettings default_sound_features(const std::vector<Sound>& examples);

}  // namespace dragonet
