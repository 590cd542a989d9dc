#pragma once

#include "base/error.h"
#include "features/settings.h"

namespace dragonet {

/// Settings that do not go together, in words; `where` is left empty. The range of each setting alone is in
/// settings_list.h.
std::vector<Problem> problems_of(const ImageFeatureSettings& settings);
std::vector<Problem> problems_of(const SoundFeatureSettings& settings);
std::vector<Problem> problems_of(const MotionFeatureSettings& settings);

}  // namespace dragonet
