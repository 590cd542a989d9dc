#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "data/motion.h"
#include "features/motion_settings.h"

namespace dragonet {

using MotionReadings = std::vector<std::int16_t>;  // [readings, axes]

/// A recording as the chip's sensor would give it: at the settings' rate, its axes in their order, 32768 for
/// full_scale. What lies outside full scale is clamped. Throws Error if an axis is missing, or in another unit.
MotionReadings motion_readings(const MotionRecording& recording, const MotionFeatureSettings& settings);

/// What of the recording does not reach the chip: columns that are none of the settings' axes, and readings beyond full
/// scale, which are cut to it. A sentence each.
std::vector<std::string> motion_notes(const MotionRecording& recording, const MotionFeatureSettings& settings);

/// Cuts readings into windows, [window_samples, axes] each, a stride apart; what is left over at the end is left out.
/// Fewer than one window: one, its last reading repeated, as a sensor at rest would.
std::vector<MotionReadings> motion_windows(std::span<const std::int16_t> readings,
                                           const MotionFeatureSettings& settings);

/// The model's input for a window, computed by the chip's own source (features/motion_rows.h).
///   window   [window_samples, axes]
///   returns  [rows, columns]         int8, real = q / 128; docs/features.md says what each is
std::vector<std::int8_t> motion_features(std::span<const std::int16_t> window, const MotionFeatureSettings& settings);

/// The same of a longer recording: every row that the chip makes while it listens.
///   readings  [readings, axes]
std::vector<std::int8_t> motion_rows(std::span<const std::int16_t> readings, const MotionFeatureSettings& settings);

/// Settings to begin with, from examples: their median rate, all their axes, a full scale with room above the largest
/// value seen (one for all axes of a unit; a few readings far beyond all others do not count), a window of their median
/// length, from half a second to two. A column of the same whole number throughout each recording, and another one in
/// others, numbers persons or sessions and is no axis.
/// Throws Error: no examples, or examples of different axes or units.
MotionFeatureSettings default_motion_features(std::span<const MotionRecording> examples);

}  // namespace dragonet
