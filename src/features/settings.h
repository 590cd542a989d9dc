#pragma once

#include <cstddef>
#include <variant>

#include "features/answer_settings.h"
#include "features/image_settings.h"
#include "features/motion_settings.h"
#include "features/sound_settings.h"

namespace dragonet {

/// How recordings of one kind become a model's input; none: the model takes only its own tensors.
using FeatureSettings = std::variant<std::monostate, ImageFeatureSettings, SoundFeatureSettings, MotionFeatureSettings>;

/// What one sample becomes: rows of the model's input, which the chip makes one by one.
struct FeatureShape {
  int height = 0, width = 0, channels = 0;
  std::size_t bytes() const { return static_cast<std::size_t>(height) * width * channels; }
  bool operator==(const FeatureShape&) const = default;
};
FeatureShape shape_of(const FeatureSettings& settings);  // all 0: none

/// real = (q - zero_point) / steps: pictures and sounds are 0..1, movement is -1..1.
struct FeatureScale {
  int zero_point = -128;
  float steps = 255;
};
FeatureScale scale_of(const FeatureSettings& settings);

/// Of the sensor that gives readings, in Hz, and the int16 values that one answer is about; 0 for pictures and for
/// none.
double rate_of(const FeatureSettings& settings);
std::size_t window_values(const FeatureSettings& settings);

/// Readings from one row of features to the next; 0 for pictures and for none.
int readings_a_row(const FeatureSettings& settings);

/// "image", "sound", "motion"; "" for none.
const char* kind_of(const FeatureSettings& settings);

}  // namespace dragonet
