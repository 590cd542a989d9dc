#pragma once

#include <variant>

#include "features/image_settings.h"
#include "features/motion_settings.h"
#include "features/sound_settings.h"

namespace dragonet {

/// How recordings of one kind become a model's input; none: the model takes only its own tensors.
using FeatureSettings = std::variant<std::monostate, ImageFeatureSettings, SoundFeatureSettings, MotionFeatureSettings>;

}  // namespace dragonet
