#pragma once

#include <span>
#include <vector>

#include "data/sound.h"
#include "features/sound_settings.h"

namespace dragonet {

/// The windows of a recording that a model is shown, each of window_samples: every stride_samples, the last one ending
/// with the recording; or, where that is 0, the loudest. What is shorter than a window is put in the middle of silence.
std::vector<std::vector<std::int16_t>> sound_windows(std::span<const std::int16_t> samples,
                                                     const SoundFeatureSettings& settings);

/// Settings to begin with: 16 kHz, or less where all examples have less; the window as long as most of them; levels
/// from those of the quietest and the loudest frames.
SoundFeatureSettings default_sound_features(const std::vector<Sound>& examples);

}  // namespace dragonet
