#include "features/image_settings.h"

namespace dragonet {

std::vector<Problem> problems_of(const ImageFeatureSettings& image) {
  std::vector<Problem> found;
  if (image.height < 1 || image.width < 1)
    found.push_back({"", "the features have no height or width", "give both in pixels"});
  if (image.channels == 2) found.push_back({"", "features.channels is 2", "1 is grey, 3 is colour"});
  return found;
}

}  // namespace dragonet
