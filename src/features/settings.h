#pragma once

#include <cstddef>
#include <string>
#include <variant>

#include "features/answer_settings.h"
#include "features/image_settings.h"
#include "features/motion_settings.h"
#include "features/sound_settings.h"
#include "features/table_settings.h"

namespace dragonet {

/// How recordings of one kind become a model's input; none: the model takes only its own tensors. What the kinds
/// differ in stands in their own headers (docs/add-a-kind.md).
using FeatureSettings = std::variant<std::monostate, ImageFeatureSettings, SoundFeatureSettings, MotionFeatureSettings,
                                     TableFeatureSettings>;

FeatureShape shape_of(const FeatureSettings& settings);  // all 0: none
FeatureScale scale_of(const FeatureSettings& settings);

/// All 0 for pictures and for none.
SensorReadings readings_of(const FeatureSettings& settings);
double rate_of(const FeatureSettings& settings);             // of the readings, in Hz
int readings_a_row(const FeatureSettings& settings);         // SensorReadings::a_row
std::size_t window_values(const FeatureSettings& settings);  // int16 values that one answer is about

/// "image", "sound", "motion", "table"; "" for none.
std::string kind_name(const FeatureSettings& settings);
inline bool has_kind(const FeatureSettings& settings) { return settings.index() != 0; }

}  // namespace dragonet
