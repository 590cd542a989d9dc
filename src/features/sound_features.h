#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "features/sound_settings.h"

namespace dragonet {

/// The model's input for a sound, computed by the chip's own source (firmware/features/sound_rows.h): docs/features.md.
///   samples  at settings.sample_rate_hz; at least a frame: the caller pads what is shorter than a window
///   returns  [rows, columns]    int8, real 0..1 = (q + 128) / 255; a row for each frame that fits into the samples, so
///            settings.rows() of them for a window
std::vector<std::int8_t> sound_features(std::span<const std::int16_t> samples, const SoundFeatureSettings& settings);

}  // namespace dragonet
