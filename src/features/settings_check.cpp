#include "features/settings_check.h"

#include "features/motion_tables.h"
#include "features/sound_features.h"

namespace dragonet {

std::vector<Problem> problems_of(const ImageFeatureSettings& image) {
  std::vector<Problem> found;
  if (image.height < 1 || image.width < 1)
    found.push_back({"", "the features have no height or width", "give both in pixels"});
  if (image.channels == 2) found.push_back({"", "features.channels is 2", "1 is grey, 3 is colour"});
  return found;
}

std::vector<Problem> problems_of(const SoundFeatureSettings& sound) { return sound_settings_problems(sound, ""); }

std::vector<Problem> problems_of(const MotionFeatureSettings& motion) try {
  check_motion_features(motion);
  return {};
} catch (const Error& error) {
  return error.problems;
}

}  // namespace dragonet
